jsonFlickrFeed({
		"title": "Photos from everyone, with geodata",
		"generator": "http://www.flickr.com/",
		"items": [
	   {
			"title": "Dusk",
			"link": "http://www.flickr.com/photos/66666666@N00/450000001/",
			"media": {"m":"http://farm1.static.flickr.com/199/450000001_199694a21b_m.jpg"},
			"date_taken": "2007-04-11T21:17:11-08:00",
			"description": "&lt;p&gt;&lt;a href=&quot;http://www.flickr.com/people/66666666@N00/&quot;&gt;dusk&lt;/a&gt; posted a photo:&lt;/p&gt; &lt;p&gt;&lt;img src=&quot;http://farm1.static.flickr.com/199/450000001_199694a21b_m.jpg&quot; width=&quot;180&quot; height=&quot;240&quot; alt=&quot;Dusk&quot; /&gt;&lt;/p&gt;",
			"published": "2007-04-12T15:17:11Z",
			"author": "nobody@flickr.com (dusk)",
			"latitude": "38.7167",
			"longitude": "-9.1333",
			"tags": "dusk lisbon"
	   },
	   {
			"title": "Numbers will do",
			"link": "http://www.flickr.com/photos/alias/450000002/in/pool-1000000@N20",
			"latitude": 0.5,
			"longitude": -1.25
	   },
	   {
			"title": "Comment about Dusk",
			"link": "http://www.flickr.com/photos/66666666@N00/450000001/#comment72157600000000001",
			"description": "&lt;p&gt;Nice&lt;/p&gt;",
			"published": "2007-04-12T16:00:00Z",
			"author": "nobody@flickr.com (someone)",
			"tags": ""
	   }
        ]
})
