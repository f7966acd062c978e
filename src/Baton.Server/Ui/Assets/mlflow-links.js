// MLflow's clients print links like http://localhost:5000/#/experiments/1/runs/ID; a server never sees what stands behind the #.
const run = /^#\/experiments\/\d+\/runs\/([0-9a-f]{32})/.exec(location.hash);
const experiment = /^#\/experiments\/(\d+)\/?$/.exec(location.hash);
const runs = document.querySelector("a[data-runs]")?.href;
if (runs && run) location.replace(`${runs}/${run[1]}`);
else if (runs && experiment) location.replace(`${runs}?experiment=${experiment[1]}`);
