// window.painted comes when so many elements were there and a frame with them was drawn: in ms since the navigation.
(selector, count) => {
  window.painted = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`not ${count} of ${selector} after a minute`)), 60_000)
    const watch = new MutationObserver(() => {
      if (document.querySelectorAll(selector).length < count) return
      watch.disconnect()
      requestAnimationFrame(() => {
        const after = new MessageChannel()
        after.port1.onmessage = () => done(performance.now())
        after.port2.postMessage(0)
      })
    })
    watch.observe(document, { childList: true, subtree: true })
  })
}
