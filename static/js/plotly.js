// The part of Plotly that the charts use: bars, and the scatter trace that every bundle needs for ranges.
// Another kind of chart is one more line here.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";

Plotly.register([bar]);

export default Plotly;
