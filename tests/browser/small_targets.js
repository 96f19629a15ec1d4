// What can be hit on the page and is smaller than it must be. A link within a sentence may be as high as its line,
// what is not drawn cannot be hit, and a label is part of what it names.
(least) => {
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const inSentence = (element) =>
    element.matches('a') && getComputedStyle(element).display === 'inline' && element.parentElement.matches('p, li, dd, td, span')
  const areaOf = (element) => {
    const boxes = [element, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect())
    return [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))]
  }
  const modal = document.querySelector('dialog:modal')
  return [...(modal ?? document).querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((element) => seen(element) && !element.closest('[aria-hidden=true]') && !inSentence(element))
    .map((element) => [element, ...areaOf(element)])
    .filter(([, width, height]) => width > 1 && Math.min(width, height) < least)
    .map(([element, width, height]) => `${width.toFixed(1)} x ${height.toFixed(1)}: ${element.outerHTML.slice(0, 120)}`)
}
