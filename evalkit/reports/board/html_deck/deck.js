"use strict";

{
  const page = document.documentElement;
  const main = document.querySelector(".reveal");
  const speaker = document.querySelector(".speaker");
  const said = speaker.querySelector("p");

  // Without this script the slides stand under each other, as they do on paper.
  page.classList.add("live");
  document.getElementById("reveal-style").media = "screen";

  const tell = () => {
    const notes = Reveal.getCurrentSlide()?.querySelector(".notes");
    said.textContent = notes ? notes.textContent.trim() : "";
  };

  const toggle = () => {
    speaker.hidden = !speaker.hidden;
    tell();
    Reveal.layout();
  };

  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    minScale: 0.1,
    maxScale: 4,
    center: false,
    embedded: true,
    hash: true,
    respondToHashChanges: true,
    controlsTutorial: false,
    transition: "none",
    backgroundTransition: "none",
    help: false,
    jumpToSlide: false,
    pdfSeparateFragments: false,
    scrollActivationWidth: 0,
    keyboard: { 78: toggle, 83: toggle },
  }).then(() => {
    main.setAttribute("role", "group"); // reveal.js says "application", which takes its keys from a screen reader
    const named = { ".navigate-left": "previous", ".navigate-right": "next" };
    for (const [button, name] of Object.entries(named)) {
      for (const found of main.querySelectorAll(button)) {
        found.setAttribute("aria-label", main.dataset[name]);
      }
    }
    tell();
    Reveal.on("slidechanged", tell);
  });
}
