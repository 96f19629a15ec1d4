// Addresses of the web app that are no file are answered by its page, as http/web_app.py does on one machine.
var FILE = /\.(css|html|js|png|svg|webmanifest|woff2)$/

function handler(event) {
  var request = event.request
  if (request.uri === '/' || request.uri === '/app') {
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/app/' } } }
  }
  if (request.uri.startsWith('/app/') && !FILE.test(request.uri)) request.uri = '/app/index.html'
  return request
}
