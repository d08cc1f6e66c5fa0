// A chart as a picture: PNG or SVG with its title and where it comes from, in the light theme, made when asked for.

const WIDTH = 900;
const LETTERS = 78;
const LINE = 26;

/** A sentence in lines of about as many letters as fit the picture. */
function lines(text) {
  const found = [""];
  for (const word of text.split(" ")) {
    if (found.at(-1).length + word.length > LETTERS) found.push("");
    found[found.length - 1] += `${word} `;
  }
  return found.map((line) => line.trim());
}

function words(figure, selector) {
  return figure.querySelector(selector)?.innerText.replaceAll(/\s+/g, " ").trim() ?? "";
}

/** The figure with its title above and its source below, as Plotly takes it. */
function framed({ data, layout }, figure, ground) {
  const title = lines(words(figure, ".figure-title"));
  const about = words(figure, ".figure-about");
  const source = words(document, ".provenance > .quiet").split("·").slice(0, 2).join("·");
  const above = title.length * LINE + 34;
  const at = { xref: "paper", yref: "paper", x: 0, showarrow: false, align: "left", xanchor: "left" };
  const { height, margin, font } = layout;
  const annotations = [
    ...(layout.annotations ?? []),
    { ...at, y: 1, yanchor: "bottom", yshift: 30, text: `<b>${title.join("<br>")}</b>`, font: { ...font, size: 20 } },
    { ...at, y: 1, yanchor: "bottom", yshift: 6, text: about, font: { ...font, size: 15 } },
    { ...at, y: 0, yanchor: "top", yshift: -10, text: `Total Place. ${source}`, font: { ...font, size: 14 } },
  ];
  const room = { ...margin, l: 20, r: 20, t: (margin.t ?? 0) + above + 16, b: (margin.b ?? 0) + 44 };
  const size = { width: WIDTH, height: height + above + 60 };
  return { data, layout: { ...layout, ...size, annotations, margin: room, paper_bgcolor: ground } };
}

/** Makes the picture and hands it to the reader as a file named after the page and the figure. */
export async function save(plotly, chart, figure, format, ground) {
  const picture = framed(chart, figure, ground);
  const { width, height } = picture.layout;
  const address = await plotly.toImage(picture, { format, width, height, scale: format === "png" ? 2 : 1 });
  const link = document.createElement("a");
  link.href = address;
  link.download = `${location.pathname.split("/").filter(Boolean).join("-") || "programme"}-${figure.id}.${format}`;
  link.click();
}
