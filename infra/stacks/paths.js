// Addresses of the web app that are no file are answered by its page, as http/web_app.py does on one machine. Answers too
// large for a function are there until the second that stands in their address (aws/large.py).
var FILE = /\.(css|html|js|png|svg|webmanifest|woff2)$/
var ANSWER = /^\/answers\/([0-9]+)-[0-9A-Za-z_-]+$/

function handler(event) {
  var request = event.request
  if (request.uri === '/' || request.uri === '/app') {
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/app/' } } }
  }
  if (request.uri.startsWith('/answers/')) {
    var found = ANSWER.exec(request.uri)
    if (!found || Number(found[1]) * 1000 < Date.now()) return { statusCode: 404, statusDescription: 'Not Found' }
  }
  if (request.uri.startsWith('/app/') && !FILE.test(request.uri)) request.uri = '/app/index.html'
  return request
}
