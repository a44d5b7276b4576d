// What the workbench's pictures take from D3: positions and scales. The drawing itself is SVG.
export { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
export { scaleBand, scaleLinear, scalePoint } from "d3-scale";
