setTimeout(function look() {
  if (window.wallRuns) return;
  var again = function () { setTimeout(look, 20000); };
  fetch(location.href, { cache: 'no-store' }).then(function (page) {
    return page.text().then(function (text) {
      if (page.ok && text.indexOf('flickr-conduit') >= 0) location.reload(); else again();
    });
  }).catch(again);
}, 20000);
