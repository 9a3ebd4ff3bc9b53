"""Ask a running LibreOffice what it would underline. Run by Debian's Python, which has the module ``uno``.

    /usr/bin/python3 tests/api/ask_libreoffice.py < question.json

The question: ``{"pipe": name of the pipe on which LibreOffice listens, "paragraphs": [[text, "en-GB"], ...]}``. The answer,
for each paragraph, has what the checker says when it is asked, and what Writer finds in a document of these paragraphs.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

CHECKER = "org.openoffice.lingu.LanguageToolGrammarChecker"
PROOFREADING = 4  # com.sun.star.text.TextMarkupType
PATIENCE = 30  # seconds until LibreOffice listens
TRIES = 3  # newer versions may answer from a cache that is filled behind the scenes


def connect(pipe: str) -> Any:
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def patiently(ask: Any) -> list[dict[str, Any]]:
    for attempt in range(TRIES):
        if attempt:
            time.sleep(0.2)
        result = ask()
        if result.aErrors:
            break
    return [
        {
            "offset": error.nErrorStart,
            "length": error.nErrorLength,
            "message": error.aShortComment,
            "short": error.aFullComment,
            "suggestions": list(error.aSuggestions),
            "looks": {each.Name: each.Value for each in error.aProperties},
        }
        for error in result.aErrors
    ]


def main() -> None:
    import uno  # noqa: F401 - teaches Python to import from com.sun.star
    from com.sun.star.beans import PropertyValue
    from com.sun.star.lang import Locale

    def locale(tag: str) -> Any:
        language, _, country = tag.partition("-")
        return Locale(language, country, "")

    question = json.load(sys.stdin)
    paragraphs = [(text, locale(tag)) for text, tag in question["paragraphs"]]
    context = connect(question["pipe"])

    def service(name: str) -> Any:
        return context.ServiceManager.createInstanceWithContext(name, context)

    checker = service(CHECKER)
    manager = service("com.sun.star.linguistic2.LinguServiceManager")
    answer = {
        "locales": ["-".join(filter(None, (each.Language, each.Country))) for each in checker.getLocales()],
        "configured": list(
            manager.getConfiguredServices("com.sun.star.linguistic2.Proofreader", Locale("en", "GB", ""))
        ),
        "checker": [
            patiently(
                lambda text=text, spoken=spoken: checker.doProofreading(
                    "1", text, spoken, 0, len(text.encode("utf-16-le")) // 2, ()
                )
            )
            for text, spoken in paragraphs
        ],
        "writer": [],
    }

    desktop = service("com.sun.star.frame.Desktop")
    hidden = PropertyValue("Hidden", 0, True, 0)
    document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (hidden,))
    cursor = document.Text.createTextCursor()
    for number, (text, spoken) in enumerate(paragraphs):
        if number:
            document.Text.insertControlCharacter(cursor, 0, False)  # PARAGRAPH_BREAK
        cursor.CharLocale = spoken
        document.Text.insertString(cursor, text, True)
        cursor.CharLocale = spoken
        cursor.collapseToEnd()
    iterator = service("com.sun.star.linguistic2.ProofreadingIterator")
    written = document.getFlatParagraphIterator(PROOFREADING, False)
    paragraph = written.getFirstPara()
    while paragraph is not None:
        text = paragraph.getText()
        spoken = paragraph.getLanguageOfText(0, len(text.encode("utf-16-le")) // 2)
        found = patiently(
            lambda paragraph=paragraph, text=text, spoken=spoken: iterator.checkSentenceAtPosition(
                document, paragraph, text, spoken, 0, -1, -1
            )
        )
        answer["writer"].append({"text": text, "errors": found})
        paragraph = written.getNextPara()
    document.close(True)
    json.dump(answer, sys.stdout)
    sys.stdout.flush()
    desktop.terminate()


if __name__ == "__main__":
    main()
