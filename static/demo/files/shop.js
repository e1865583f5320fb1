// The practice shop's behaviour, its faults included. What should do nothing has no code here.
const find = (id) => document.getElementById(id);
const on = (id, type, act) => find(id)?.addEventListener(type, act);
const pounds = (pence) => `£${(pence / 100).toFixed(2)}`;

const basket = {
  read: () => JSON.parse(sessionStorage.getItem("basket") ?? "{}"),
  write(items) {
    sessionStorage.setItem("basket", JSON.stringify(items));
    showCount();
  },
};

function showCount() {
  find("count").textContent = Object.values(basket.read()).reduce((sum, many) => sum + many, 0);
}

function showBasket() {
  if (!find("lines")) return;
  const prices = JSON.parse(find("prices").textContent);
  const items = Object.entries(basket.read()).filter(([slug]) => prices[slug]);
  find("empty").hidden = items.length > 0;
  find("full").hidden = items.length === 0;
  find("lines").replaceChildren(...items.map(([slug, many]) => line(slug, many, prices[slug])));
  find("total").textContent = pounds(items.reduce((sum, [slug, many]) => sum + many * prices[slug].pence, 0));
}

function line(slug, many, { name, pence }) {
  const item = document.createElement("li");
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${name}`);
  remove.addEventListener("click", () => {
    const { [slug]: _, ...others } = basket.read();
    basket.write(others);
    showBasket();
  });
  item.append(cell("what", `${many} × ${name}`), cell("cost", pounds(many * pence)), remove);
  return item;
}

function cell(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function runClock() {
  const clock = find("clock");
  if (!clock) return;
  const show = () => {
    const now = new Date();
    const left = 86400 - (now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds());
    const two = (number) => String(number).padStart(2, "0");
    clock.textContent = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  };
  show();
  setInterval(show, 1000);
}

function turn(by) {
  const slides = [...find("slides").children];
  const shown = slides.findIndex((slide) => !slide.hidden);
  slides[shown].hidden = true;
  slides[(shown + by + slides.length) % slides.length].hidden = false;
}

function sortShelf() {
  const button = find("sort");
  const cheap = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", cheap);
  const cards = [...find("shelf").children];
  cards.forEach((card, index) => (card.dataset.place ??= index));
  const key = cheap ? "price" : "place";
  find("shelf").append(...cards.sort((one, other) => one.dataset[key] - other.dataset[key]));
}

function step(by) {
  find("many").value = Math.max(1, Number(find("many").value) + by);
}

on("previous", "click", () => turn(-1));
on("next", "click", () => turn(1));
on("sort", "click", sortShelf);
on("less", "click", () => step(-1));
on("more", "click", () => step(1));
on("add", "click", ({ currentTarget: { dataset: { slug } } }) => {
  const items = basket.read();
  basket.write({ ...items, [slug]: (items[slug] ?? 0) + Number(find("many").value) });
  find("added").textContent = "It is in your basket.";
});

// Fault: the server fails, and the page keeps quiet about it.
on("coupon", "submit", (event) => {
  event.preventDefault();
  fetch("/api/coupon", { method: "POST" });
});

// Fault: the answer takes three seconds, and nothing says that it is under way.
on("delivery", "click", async () => {
  const answer = await fetch("/api/delivery");
  find("cost").textContent = (await answer.json()).cost;
});

// Fault: the paper is of an order that was never opened.
on("wrap", "click", () => {
  const order = undefined;
  order.paper = "green";
});

// Fault: a phone number is refused unless written in one way that nobody is told of.
on("checkout", "submit", (event) => {
  const accepted = /^\+44 \d{4} \d{6}$/.test(find("phone").value);
  find("problem").hidden = accepted;
  if (!accepted) event.preventDefault();
  else basket.write({});
});

// Fault: the plans' ribbon went long ago, and the script that ties it did not.
if (document.querySelector(".plans")) setTimeout(() => find("ribbon").classList.add("tied"));

showCount();
showBasket();
runClock();
if (find("slides")) setInterval(() => turn(1), 3000);
