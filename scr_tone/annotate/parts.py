"""The parts of a Word package that comments need, besides the text: found, made, written back."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from lxml import etree

from scr_tone.reading.docx_package import Package
from scr_tone.reading.docx_xml import W, child, val

__all__ = ["Parts"]

_TYPES = "[Content_Types].xml"
_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_KIND = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
# Parts in the "strict" form are renamed before they are parsed (`docx_xml`); here they get their own names back.
_STRICT = {
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/math": b"http://purl.oclc.org/ooxml/officeDocument/math",
}
_DECLARED = re.compile(rb"""(xmlns(?::[\w.-]+)?=["'])(""" + b"|".join(map(re.escape, _STRICT)) + rb""")(?=["'])""")


class Parts:
    """The XML parts at work; those that were changed are written back, all others stay as they are.

    Parameters
    ----------
    package : Package
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main" in package.raw(package.main)
        self._names = {relation.kind: relation.target for relation in package.relations(package.main)}
        self._roots: dict[str, Any] = {}
        self._before: dict[str, bytes] = {}
        self._made: dict[str, bytes] = {}
        self.main = self._root(package.main)
        self.extended = self._optional("commentsExtended")
        self.ids = self._optional("commentsIds")
        self.extensible = self._optional("commentsExtensible")
        self.comments = self._optional("comments")
        styles = self._names.get("styles")
        self._styles = package.root(styles) if styles is not None else None
        #: Whether the package bears a digital signature (Open Packaging Conventions), which no change survives.
        self.signed = any(relation.kind == "origin" for relation in package.relations())

    def style(self, name: str, kind: str) -> str | None:
        """Id of the document's own style for a built-in name, which is English in every language of Word; or None."""
        for style in self._styles.iterfind(W + "style") if self._styles is not None else ():
            if (val(child(style, "name")) or "").lower() == name and style.get(W + "type") == kind:
                found: str | None = style.get(W + "styleId")
                return found
        return None

    def make_comments(self) -> None:
        """Make the part for comments, with all that points to it, if the document has none."""
        if self.comments is not None:
            return
        folder = posixpath.dirname(self._package.main)
        name = self._names.get("comments") or self._free(folder)
        root = etree.Element(W + "comments", nsmap={"w": W[1:-1]})
        self._roots[name], self.comments = root, root
        self._before[name] = b""
        if "comments" not in self._names:
            self._relate(folder, name)
        self._declare(name)

    def written(self) -> bytes:
        """The package with what was changed."""
        changed = dict(self._made)
        for name, root in self._roots.items():
            now = _written(root)
            if now != self._before[name]:
                changed[name] = _DECLARED.sub(lambda m: m[1] + _STRICT[m[2]], now) if self._strict else now
        return self._package.with_parts(changed)

    def _root(self, name: str) -> Any:
        root = self._package.root(name)
        self._roots[name] = root
        self._before[name] = _written(root)
        return root

    def _optional(self, kind: str) -> Any:
        name = self._names.get(kind)
        return self._root(name) if name is not None and name in self._package else None

    def _free(self, folder: str) -> str:
        number = 0
        while True:
            name = posixpath.join(folder, f"comments{number or ''}.xml")
            if name not in self._package:
                return name
            number += 1

    def _relate(self, folder: str, name: str) -> None:
        path = posixpath.join(folder, "_rels", posixpath.basename(self._package.main) + ".rels")
        root = self._or_new(path, _REL, "Relationships")
        used = {relation.get("Id") for relation in root}
        number = 1
        while f"rId{number}" in used:
            number += 1
        kind = _STRICT_KIND if self._strict else _KIND
        etree.SubElement(root, _REL + "Relationship", Id=f"rId{number}", Type=kind, Target=posixpath.basename(name))
        self._made[path] = _written(root)

    def _declare(self, name: str) -> None:
        root = self._or_new(_TYPES, _CT, "Types")
        path = f"/{name}"
        if any(entry.get("PartName", "").lower() == path.lower() for entry in root.iterfind(_CT + "Override")):
            return
        etree.SubElement(root, _CT + "Override", PartName=path, ContentType=_COMMENTS_TYPE)
        self._made[_TYPES] = _written(root)

    def _or_new(self, path: str, namespace: str, name: str) -> Any:
        root = self._package.root(path)
        return root if root is not None else etree.Element(namespace + name, nsmap={None: namespace[1:-1]})


def _written(root: Any) -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return written
