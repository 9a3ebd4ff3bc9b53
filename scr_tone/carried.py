"""A model that a pipeline carries: by name where it ships with scr-tone, with its files where it does not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scr_tone.analyser import ToneAnalyser
from scr_tone.artefact import bundled_names
from scr_tone.errors import ModelError
from scr_tone.loading import load
from scr_tone.provenance import model_entry

__all__ = ["Carried"]


class Carried:
    """A model, loaded when it is first asked for, that can be pickled, written and read without being loaded.

    Parameters
    ----------
    model : str, optional
        See `scr_tone.load`.
    **options
        Further arguments of `scr_tone.load`.
    """

    def __init__(self, model: str | None = None, **options: Any) -> None:
        self._options = options
        self._model = model
        self._own: Path | Mapping[str, bytes] | None = (
            None if model is None or model in bundled_names() else Path(model)
        )
        self._tone: ToneAnalyser | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Without the loaded model, which another process loads for itself."""
        return self.__dict__ | {"_tone": None}

    @property
    def is_there(self) -> bool:
        """Whether it can be loaded now; a pipeline that is being read brings its model afterwards.

        A word without a slash is taken for a misspelt name, so that loading it fails at once.
        """
        return not isinstance(self._own, Path) or self._own.is_dir() or not any(c in str(self._model) for c in "/\\")

    @property
    def tone(self) -> ToneAnalyser:
        """The model.

        Raises
        ------
        ModelError
            See `scr_tone.load`.
        """
        if self._tone is None:
            self._tone = self._loaded()
        return self._tone

    @property
    def named(self) -> dict[str, str]:
        """Its name, version and digest."""
        entry = model_entry(self.tone.name, self.tone.digest, self.tone.manifest)
        return {key: entry[key] for key in ("name", "version", "sha256")}

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files of a model that does not ship with scr-tone, by name; nothing for one that does."""
        if isinstance(self._own, Path):
            for name in ("manifest.json", *self.tone.manifest["files"]):
                yield name, (self._own / name).read_bytes()
        elif self._own is not None:
            yield from self._own.items()

    def write(self, folder: Path) -> None:
        """Write those files, if there are any."""
        for name, content in self.files():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def take_folder(self, folder: Path) -> None:
        """Go on with the model in a folder."""
        self._own, self._tone = folder, None

    def take_files(self, files: Mapping[str, bytes]) -> None:
        """Go on with the model in these files."""
        self._own, self._tone = dict(files), None

    def _loaded(self) -> ToneAnalyser:
        if self._own is None or isinstance(self._own, Path):
            return load(self._own or self._model, **self._options)
        # The loader verifies a folder before it opens anything in it. A name with a folder in it is not written.
        with tempfile.TemporaryDirectory(prefix="scr-tone-") as folder:
            for name, content in self._own.items():
                if Path(name).name != name:
                    raise ModelError("names a file outside its folder", remedy="save the pipeline again", subject=name)
                (Path(folder) / name).write_bytes(content)
            return load(folder, **self._options)
