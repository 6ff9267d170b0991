"""What a browser would be given: a page of the site, read strictly."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SVG = {"circle", "path", "svg"}
INLINE = {"a", "span", "time", "strong", "em"}


class Page(HTMLParser):
    """
    `elements`: [(tag, attributes, text)] in order. `text`: the words in <main>. `mistakes`: what is not well-formed, is
    named twice or not at all, or runs or styles in place.
    """

    def __init__(self, response):
        super().__init__(convert_charrefs=True)
        self.elements, self.mistakes, self._open, self._text, self.status = [], [], [], {}, response.status_code
        self.html = response.content.decode()
        self.feed(self.html)
        self.close()
        if self._open:
            self.mistakes.append(f"never closed: {[self.elements[place][0] for place in self._open]}")
        self.elements = [
            (tag, dict(attributes), squeeze(self._text.get(n, ""))) for n, (tag, attributes) in enumerate(self.elements)
        ]
        self._names()

    def __getitem__(self, tag):
        """The texts of all elements of a kind."""
        return [text for name, _attributes, text in self.elements if name == tag]

    def having(self, tag=None, **wanted):
        """[(attributes, text)] of elements with these attributes; `class_` may be one of several classes."""
        return [
            (attributes, text)
            for name, attributes, text in self.elements
            if tag in {None, name} and all(_has(attributes, key.rstrip("_"), value) for key, value in wanted.items())
        ]

    @property
    def text(self):
        return self["main"][0]

    @property
    def links(self):
        return [attributes["href"] for tag, attributes, _text in self.elements if tag == "a"]

    @property
    def alternates(self):
        """{language: address} of what the page says it is also written in."""
        return {a["hreflang"]: a["href"] for a, _text in self.having("link", rel="alternate")}

    @property
    def canonical(self):
        return [a["href"] for a, _text in self.having("link", rel="canonical")]

    def handle_starttag(self, tag, attributes):
        if tag in {"script", "style", "iframe", "object", "embed"}:
            self.mistakes.append(f"<{tag}>")
        for name, _value in attributes:
            if name == "style" or name.startswith("on"):
                self.mistakes.append(f"{name} in <{tag}>")
        if len({*dict(attributes)}) < len(attributes):
            self.mistakes.append(f"an attribute twice in <{tag}>")
        self.elements.append((tag, attributes))
        if tag == "br":
            self.handle_data(" ")
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag, attributes):
        if tag not in SVG | VOID:
            self.mistakes.append(f"<{tag}/>")
        self.elements.append((tag, attributes))

    def handle_endtag(self, tag):
        if not self._open or self.elements[self._open[-1]][0] != tag:
            self.mistakes.append(f"</{tag}> at {self.getpos()}, open: {[self.elements[n][0] for n in self._open]}")
        else:
            self._open.pop()
            if tag not in INLINE:
                self.handle_data(" ")

    def handle_data(self, data):
        for place in self._open:
            self._text[place] = self._text.get(place, "") + data

    def _names(self):
        ids = [attributes["id"] for _tag, attributes, _text in self.elements if "id" in attributes]
        self.mistakes += [f"id {name} twice" for name in {*ids} if ids.count(name) > 1]
        for _tag, attributes, _text in self.elements:
            for name in (attributes.get("aria-labelledby") or "").split():
                if name not in ids:
                    self.mistakes.append(f"aria-labelledby={name} names nothing")
            if attributes.get("href", "").startswith("#") and attributes["href"][1:] not in ids:
                self.mistakes.append(f"{attributes['href']} leads nowhere")
        self.mistakes += [
            f"empty <{tag}>" for tag, _a, text in self.elements if tag in {"a", "h1", "h2", "h3"} and not text
        ]
        for tag in ["title", "h1", "main"]:
            if len(self[tag]) != 1:
                self.mistakes.append(f"{len(self[tag])} <{tag}>")
        self.mistakes += ["a sentence left open" for _ in range(self.html.count("%(") + self.html.count("{{"))]


def squeeze(text):
    return " ".join(text.replace("\xa0", " ").split())


def _has(attributes, name, value):
    return value in (attributes.get(name) or "").split() if name == "class" else attributes.get(name) == value
