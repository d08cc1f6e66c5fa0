// The part of Plotly that the charts use: bars, flows, and the scatter trace that every bundle needs for ranges.
// Another kind of chart is one more line here.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import sankey from "plotly.js/lib/sankey";

Plotly.register([bar, sankey]);

export default Plotly;
