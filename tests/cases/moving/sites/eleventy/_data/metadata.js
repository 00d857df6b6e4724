export default { title: "The Harbour Notebook", url: "https://harbour.example/", language: "en" };
