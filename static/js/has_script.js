// Stylesheets show or hide what only makes sense with JavaScript.

document.documentElement.classList.add("has-script");
