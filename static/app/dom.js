// What the other modules share. Every page works without any of them.

function find(selector, root = document) {
  return root.querySelector(selector);
}

function findAll(selector, root = document) {
  return [...root.querySelectorAll(selector)];
}

function makeButton(text, classes, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = classes;
  button.textContent = text;
  button.addEventListener("click", onClick);
  return button;
}

// A line that screen readers read out when its text changes.
function makeStatusLine(classes) {
  const line = document.createElement("p");
  line.className = classes;
  line.setAttribute("role", "status");
  return line;
}

function parsePage(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// Calls a function when nobody has asked for it again for some milliseconds.
function debounce(milliseconds, run) {
  let timer;
  return (...details) => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds, ...details);
  };
}

// Requests of which only the last one counts, whichever is answered first.
function makeRequests() {
  let controller;
  const abort = () => controller?.abort();
  // The text at an address: null if the server did not give it, undefined if a later request replaced this one.
  const getText = async (address) => {
    abort();
    controller = new AbortController();
    const { signal } = controller;
    let text = null;
    try {
      const response = await fetch(address, { signal });
      if (response.ok && !response.redirected) text = await response.text();
    } catch {
      // Without an answer the page stays as it is.
    }
    return signal.aborted ? undefined : text;
  };
  return { abort, getText };
}
