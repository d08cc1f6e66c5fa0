// A chart as a picture: PNG or SVG with its title and where it comes from, in the light theme, made when asked for.

const WIDTH = 900;
const LETTERS = 78;
const LINE = 26;
const PAINTED = ["fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor", "paint-order"];
const NAMESPACE = "http://www.w3.org/2000/svg";

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

/** Where the numbers come from, with their year. */
function sourceWords() {
  const year = document.querySelector(".provenance .choices");
  const label = (year?.querySelector("[aria-current]") ?? year?.lastElementChild)?.innerText ?? "";
  return ["Total Place", label, ...words(document, ".provenance > .quiet").split("·").slice(0, 2)]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(" · ");
}

/** What the colours mean, each by a square of its own. */
function keyWords(figure) {
  return [...figure.querySelectorAll(".key li")]
    .map((item) => {
      const square = item.querySelector(".swatch rect");
      const mark = square ? `<span style="color:${getComputedStyle(square).fill}">■</span>` : "├┤";
      return `${mark} ${(item.querySelector(".term") ?? item).textContent.trim()}`;
    })
    .join("    ");
}

/** The figure with its title above and its source below, as Plotly takes it. */
function framed({ data, layout }, figure, ground) {
  const title = lines(words(figure, ".figure-title"));
  const about = words(figure, ".figure-about");
  const key = keyWords(figure);
  const keyed = key ? LINE : 0;
  const above = title.length * LINE + 34 + keyed;
  const at = { xref: "paper", yref: "paper", x: 0, showarrow: false, align: "left", xanchor: "left" };
  const { height, margin, font } = layout;
  const annotations = [
    ...(layout.annotations ?? []),
    { ...at, y: 1, yanchor: "bottom", yshift: 30 + keyed, text: `<b>${title.join("<br>")}</b>`, font: { ...font, size: 20 } },
    { ...at, y: 1, yanchor: "bottom", yshift: 6 + keyed, text: about, font: { ...font, size: 15 } },
    ...(key ? [{ ...at, y: 1, yanchor: "bottom", yshift: 6, text: key, font: { ...font, size: 14 } }] : []),
    { ...at, y: 0, yanchor: "top", yshift: -10, text: sourceWords(), font: { ...font, size: 14 } },
  ];
  const room = { ...margin, l: 20, r: 20, t: (margin.t ?? 0) + above + 16, b: (margin.b ?? 0) + 44 };
  const size = { width: WIDTH, height: height + above + 60 };
  return { data, layout: { ...layout, ...size, annotations, margin: room, paper_bgcolor: ground } };
}

/** Makes the picture of a chart and hands it to the reader. */
export async function save(plotly, chart, figure, format, ground) {
  const picture = framed(chart, figure, ground);
  const { width, height } = picture.layout;
  handOver(await plotly.toImage(picture, { format, width, height, scale: format === "png" ? 2 : 1 }), figure, format);
}

/** Makes the picture of what the server has drawn, such as a map, with its title above and its source below. */
export async function saveDrawing(drawing, figure, format, ground) {
  const { text, width, height } = framedDrawing(drawing, figure, ground);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  handOver(format === "svg" ? address : await asPixels(address, width, height), figure, format);
}

/** A drawing that stands alone: every mark carries the look that the page's styles gave it. */
function framedDrawing(drawing, figure, ground) {
  const { width: drawn, height: tall } = drawing.getBoundingClientRect();
  const title = lines(words(figure, ".figure-title"));
  const copy = drawing.cloneNode(true);
  copy.removeAttribute("class");
  const marks = drawing.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((mark, index) => {
    const look = getComputedStyle(marks[index]);
    for (const name of PAINTED) mark.setAttribute(name, look.getPropertyValue(name));
    mark.removeAttribute("class");
  });
  const above = title.length * LINE + 44;
  const width = Math.max(WIDTH, drawn + 40);
  const height = tall + above + 50;
  const picture = document.createElementNS(NAMESPACE, "svg");
  const give = (mark, attributes) => {
    for (const [name, value] of Object.entries(attributes)) mark.setAttribute(name, value);
    return mark;
  };
  const put = (name, attributes, text = "") => {
    const mark = give(document.createElementNS(NAMESPACE, name), attributes);
    mark.textContent = text;
    picture.append(mark);
  };
  const ink = getComputedStyle(figure).color;
  give(picture, { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "sans-serif" });
  put("rect", { width: "100%", height: "100%", fill: ground });
  const strong = { "font-size": 20, "font-weight": 700, fill: ink };
  title.forEach((line, index) => put("text", { x: 20, y: (index + 1) * LINE + 4, ...strong }, line));
  put("text", { x: 20, y: above - 14, "font-size": 15, fill: ink }, words(figure, ".figure-about"));
  put("text", { x: 20, y: height - 18, "font-size": 14, fill: ink }, sourceWords());
  picture.append(give(copy, { x: 20, y: above, width: drawn, height: tall }));
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

/** A drawing as a PNG, twice as fine as the screen's points. */
async function asPixels(address, width, height) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: width * 2, height: height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

/** A file named after the page and the figure. */
function handOver(address, figure, format) {
  const link = document.createElement("a");
  link.href = address;
  link.download = `${location.pathname.split("/").filter(Boolean).join("-") || "programme"}-${figure.id}.${format}`;
  link.click();
}
