// For browsers that know no modules: each page as a picture that the server drew, and its button.
(function () {
  var folios = document.querySelectorAll(".folio");
  for (var index = 0; index < folios.length; index += 1) {
    var image = new Image();
    image.className = "picture";
    image.alt = folios[index].getAttribute("aria-label");
    image.setAttribute("loading", "lazy");
    image.src = folios[index].getAttribute("data-picture");
    folios[index].querySelector(".pdfViewer").appendChild(image);
  }
})();
