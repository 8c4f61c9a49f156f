// The practice server's additions to simcord's preview: a list of channels, the practice clock, and commands that can be
// clicked or pasted. The address says which channel and which person: ?channel=…&viewer=…
"use strict";
(() => {
  const address = new URL(location.href);
  const capability = location.hash.slice(1);
  const picker = document.getElementById("viewer-picker");
  const seen = JSON.parse(sessionStorage.getItem("practice-seen") || "{}");
  let channels = [];

  // The page is opened by simcord's own script; these two choices travel with its first request.
  const plainFetch = window.fetch;
  window.fetch = (input, init = {}) => {
    if (input !== "/api/pages" || init.method !== "POST") return plainFetch(input, init);
    const viewer = address.searchParams.get("viewer");
    const headers = { ...init.headers, "X-Practice-Channel": address.searchParams.get("channel") || "" };
    return plainFetch(input, { ...init, headers, body: JSON.stringify(viewer ? { viewer_id: viewer } : {}) });
  };

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  // ---- names: this is our page, not a tool for developers
  document.title = "Solidarity Bot · practice";
  document.querySelector(".brand-mark").replaceChildren(element("img", { src: "/avatar.png", alt: "" }));
  document.querySelector(".preview-brand strong").textContent = "Solidarity Bot";
  document.querySelector(".preview-brand small").textContent = "Practice";
  document.querySelector(".sidebar-heading h1").textContent = "Operation Protect";
  document.getElementById("messages-sidebar").setAttribute("aria-label", "Channels");
  const toggle = document.getElementById("messages-toggle");
  toggle.lastChild.textContent = "Channels";
  const clock = element("span", { className: "practice-clock", title: "The practice clock. /practice forward moves it." });
  document.querySelector(".viewer-control").after(clock);
  const list = element("ul");
  document.querySelector(".sidebar-heading").after(
    element("nav", { className: "practice-channels", ariaLabel: "Channels" }, list));

  // ---- channels
  const here = () => address.searchParams.get("channel") || channels[0]?.id;
  const visible = (channel, viewer) => channel.viewers.includes(viewer);
  const target = (channel, viewer) => {
    const url = new URL(address);
    url.searchParams.set("channel", channel);
    url.searchParams.set("viewer", viewer);
    return url.href;
  };
  const draw = () => {
    const viewer = picker.value || address.searchParams.get("viewer");
    if (!viewer) return;
    const current = channels.find((channel) => channel.id === here());
    if (current) seen[current.id] = current.last;
    sessionStorage.setItem("practice-seen", JSON.stringify(seen));
    const rows = channels.filter((channel) => visible(channel, viewer)).map((channel) => {
      const link = element("a", { href: target(channel.id, viewer) }, `# ${channel.name}`);
      if (channel === current) link.setAttribute("aria-current", "page");
      const fresh = channel.id in seen && seen[channel.id] !== channel.last;
      if (!(channel.id in seen)) seen[channel.id] = channel.last;
      if (fresh) link.append(element("span", { className: "practice-new" }, "new"));
      return element("li", {}, link);
    });
    const drawn = element("ul", {}, ...rows);
    if (drawn.innerHTML !== list.innerHTML) list.replaceChildren(...drawn.children);
  };
  const look = async () => {
    try {
      const response = await plainFetch("/practice.json", { headers: { "X-Simcord-Capability": capability }, cache: "no-store" });
      if (!response.ok) return;
      const state = await response.json();
      ({ channels } = state);
      clock.textContent = state.now;
      draw();
    } catch {
      clock.textContent = "The practice server has stopped";
    }
  };
  new MutationObserver(draw).observe(picker, { childList: true });
  picker.addEventListener("change", (event) => {
    const viewer = picker.value;
    const current = channels.find((channel) => channel.id === here());
    if (current && !visible(current, viewer)) {
      event.stopImmediatePropagation();
      location.assign(target(channels[0].id, viewer));
      return;
    }
    address.searchParams.set("viewer", viewer);
    history.replaceState(null, "", address);
    draw();
  }, true);
  void look();
  setInterval(look, 1000);

  // ---- where to look: at the newest message, except in the welcome, and at the answer to one's own command
  const messages = document.getElementById("channel-message-list");
  let first = true;
  new MutationObserver((records) => {
    const added = records.flatMap((record) => [...record.addedNodes]).filter((node) => node.matches?.(".channel-message"));
    if (!added.length) return;
    const arriving = first && document.getElementById("channel-name").textContent !== "welcome";
    const answered = !first && added.some((node) => node.querySelector(".message-ephemeral-note"));
    first = false;
    if (!arriving && !answered) return;
    const timeline = document.getElementById("channel-timeline");
    setTimeout(() => { timeline.scrollTop = timeline.scrollHeight; }, 100);
  }).observe(messages, { childList: true });

  // ---- commands that are clicked or pasted: /name sub option:value option:"several words"
  const read = (text) => {
    const words = /^\/([^:"\n]*?)\s*((?:\s[\w-]+:(?:"[^"\n]*"|“[^”\n]*”|\S+))*)\s*$/u.exec(text.trim());
    if (!words) return null;
    const options = [...words[2].matchAll(/([\w-]+):(?:"([^"]*)"|“([^”]*)”|(\S+))/gu)]
      .map(([, name, plain, curly, bare]) => [name, plain ?? curly ?? bare]);
    return { name: words[1].trim(), options };
  };
  const until = async (find, tries = 40) => {
    for (let count = 0; count < tries; count += 1) {
      const found = find();
      if (found) return found;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    return null;
  };
  const write = (field, value) => {
    field.focus();
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const field = (name) => document.querySelector(`.command-option-input[data-option="${CSS.escape(name)}"]`);
  const fill = async ({ name, options }) => {
    document.querySelector(".command-context-close")?.click();
    const composer = await until(() => document.querySelector("#channel-composer-input"));
    if (!composer) return;
    write(composer, `/${name}`);
    const entry = await until(() => [...document.querySelectorAll(".command-entry")]
      .find((item) => item.querySelector("strong")?.textContent === `/${name}`));
    entry?.click();
    for (const [option, value] of entry ? options : []) {
      if (!await until(() => document.querySelector(".command-chip"))) return;
      if (!field(option)) {
        document.querySelector(".command-ghost")?.click();
        (await until(() => [...document.querySelectorAll(".command-suggestion")]
          .find((item) => item.dataset.value === option)))?.click();
      }
      const input = await until(() => field(option));
      if (input) write(input, value);
    }
  };
  // simcord forgets a command that is sent while it still looks for suggestions, so such a command waits: on a slow
  // machine for up to a minute, rather than being forgotten here.
  const looking = () => {
    const { ready, commandPicker, pendingAction, pendingQuery, awaitingRevision } = window.simcordPreview;
    const { autocomplete, draft } = commandPicker;
    const suggesting = autocomplete.state === "loading" && autocomplete.option === draft?.focusedOption;
    return !ready || pendingAction || pendingQuery || awaitingRevision !== null || suggesting
      || document.getElementById("send-message").disabled;
  };
  const hold = (event) => {
    if (!document.querySelector(".command-row") || !looking()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void until(() => !looking(), 1200).then((ready) => { if (ready) document.getElementById("channel-composer").requestSubmit(); });
  };
  window.addEventListener("click", (event) => { if (event.target.closest?.("#send-message")) hold(event); }, true);
  window.addEventListener("keydown", (event) => {
    const chosen = document.querySelector(".command-popup:not([hidden]) [aria-selected='true']");
    if (event.key === "Enter" && event.target.matches?.(".command-option-input") && !chosen) hold(event);
  }, true);
  document.addEventListener("click", (event) => {
    const code = event.target instanceof Element ? event.target.closest("code") : null;
    const command = code?.textContent.startsWith("/") ? read(code.textContent) : null;
    if (command) void fill(command);
  });
  document.addEventListener("paste", (event) => {
    if (event.target?.id !== "channel-composer-input") return;
    const text = event.clipboardData?.getData("text/plain") || "";
    const command = text.trim().startsWith("/") ? read(text) : null;
    if (!command) return;
    event.preventDefault();
    void fill(command);
  });
})();
