{
 "title": "Uploads from everyone",
 "modified": "2024-07-03T14:20:10Z",
 "items": [
  {
   "title": "The weir",
   "link": "https://www.flickr.com/photos/88888888@N08/53800000001/",
   "media": { "m": "https://live.staticflickr.com/65535/53800000001_fe37b1670d_m.jpg" },
   "date_taken": "2024-07-01T12:13:21-08:00",
   "description": " <p>Somebody posted a photo:</p> <p><img src=\"https://live.staticflickr.com/65535/53800000001_fe37b1670d_m.jpg\" width=\"240\" height=\"187\" alt=\"\" /></p> ",
   "published": "2024-07-03T14:20:10Z",
   "author": "nobody@flickr.com (\"Somebody\")",
   "author_id": "88888888@N08",
   "tags": "weir river"
  },
  "not an item",
  {
   "title": " ",
   "link": "https://www.flickr.com/photos/alias/53800000002/",
   "media": { "m": "https://live.staticflickr.com/65535/53800000002_a2ab1952db_m.jpg" },
   "author": null,
   "tags": ""
  }
 ]
}
