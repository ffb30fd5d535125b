jsonFlickrFeed({
	"title": "Uploads from everyone",
	"items": [
		{
			"title": "It\'s \"here\" 急行",
			"link": "http:\/\/www.flickr.com\/photos\/alias\/5400000001\/",
			"media": {"m":"http:\/\/farm5.staticflickr.com\/4001\/5400000001_0011223344_m.jpg"},
			"author": "nobody@flickr.com (J\\u00e4ger)",
			"author_id": "99999999@N09",
			"published": "2010-01-01T00:00:00Z",
			"tags": "\u00e4pfel"
		}
	]
})
