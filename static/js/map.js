// The map, an extra: draws the points that the page carries as data (id "map-points").
import * as L from "../built/leaflet/leaflet-src.esm.js";

const box = document.getElementById("map");
const data = document.getElementById("map-points");
const points = data ? JSON.parse(data.textContent) : [];

if (box && points.length && box.dataset.tiles) {
  box.hidden = false;
  const map = L.map(box, { scrollWheelZoom: false });
  map.attributionControl.setPrefix("Leaflet");
  L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 19 }).addTo(map);
  const markers = points.map((point) => {
    const marker = L.circleMarker([point.latitude, point.longitude], {
      radius: 11,
      color: "#ffffff",
      weight: 3,
      fillColor: "#00465e",
      fillOpacity: 1,
    }).addTo(map);
    const label = document.createElement(point.address ? "a" : "span");
    label.textContent = point.name;
    if (point.address) label.href = point.address;
    return marker.bindPopup(label);
  });
  map.fitBounds(L.featureGroup(markers).getBounds().pad(0.2), { maxZoom: 16 });
}
