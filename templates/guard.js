setTimeout(function look() {
  if (window.wallRuns) return;
  var again = function () { setTimeout(look, 20000); };
  fetch(location.href, { cache: 'no-store' }).then(function (page) {
    if (page.ok) location.reload(); else again();
  }, again);
}, 20000);
