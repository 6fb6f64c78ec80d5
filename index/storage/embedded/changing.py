"""How a generation of the embedded store is changed or made, takes the other's place, and catches up with it before."""

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from index.errors import DamagedStore, LibraryBusy, StoreError
from index.storage.base import Meanwhile
from index.storage.embedded import database, files, replaying
from index.storage.embedded.corpus import SqliteCorpus
from index.storage.embedded.earlier import Earlier
from index.storage.embedded.engines import EngineFiles
from index.storage.embedded.generations import Generations, Pointer
from index.storage.embedded.locks import Locks
from index.storage.embedded.writer import SqliteWriter

log = logging.getLogger(__name__)

_ROUNDS = 3  # in which a full change brings over what others did, before nobody else may change anything
_PATIENCE = 3600.0  # seconds for which it then waits for a change that is under way

CatchUp = Callable[[Meanwhile], None]


class Changing:
    """Changes of a library's generations; who calls holds the right to what is done.

    Args:
        home: the library's folder.
        engine: what searches; "auto" chooses by the size of the corpus.
        okapi_up_to: paragraphs up to which "auto" is okapi.
    """

    def __init__(self, home: Path, engine: str, okapi_up_to: int) -> None:
        self.generations = Generations(home)
        self.locks = Locks(home)
        self._home = home
        self._engine = engine
        self._okapi_up_to = okapi_up_to

    @contextmanager
    def write(self) -> Iterator[SqliteWriter]:
        """A change of the generation that answers; of the first one, where there is none."""
        with self.locks.changing():
            pointer = self.pointer(damaged_is_none=False)
            if pointer is None:
                opened = self._new_generation(
                    1, lambda name: self.generations.point_to(Pointer(generation=name, base=1))
                )
            else:
                self._tidy(pointer, self.locks.building(patience=0))
                opened = self.write_on(self.in_this_format(pointer).generation)
            with opened as writer:
                yield writer

    @contextmanager
    def write_beside(self, meanwhile: CatchUp | None) -> Iterator[SqliteWriter]:
        """A new generation beside the one that answers, which others may change until it takes its place."""
        with self.locks.building(), ExitStack() as stack:
            before = self.pointer(damaged_is_none=True)
            if before is not None:
                self._tidy(before, self.locks.changing())
            known = self.last_sequence(before.generation) if before else 0
            earlier = stack.enter_context(
                closing(Earlier(self.generations.corpus(before.generation) if before else None))
            )
            yield stack.enter_context(
                self._new_generation(known + 1, lambda name: self._take_over(name, known, meanwhile), earlier)
            )

    def pointer(self, *, damaged_is_none: bool) -> Pointer | None:
        """Which generation answers; None when there is none, or, where that is wanted, when nobody can tell."""
        with database.in_words(self._home):
            try:
                return self.generations.current()
            except DamagedStore:
                if damaged_is_none:
                    return None
                raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For what goes back or rewrites files: no full change is under way, nor any other."""
        with self.locks.building(), self.locks.changing():
            yield

    def _tidy(self, pointer: Pointer, other: AbstractContextManager[None]) -> None:
        """Removes what changes that were killed have left, unless another process has the other right just now."""
        if self.generations.others(pointer):
            with suppress(LibraryBusy), other:
                self.generations.tidy(self.pointer(damaged_is_none=False) or pointer)

    @contextmanager
    def write_on(
        self, generation: str, *, sequence: int | None = None, then: Pointer | None = None, anew: bool = False
    ) -> Iterator[SqliteWriter]:
        """A change of a generation: a transaction beside its readers.

        Args:
            generation: which one.
            sequence: the change's number; the next one when None.
            then: what `current` says afterwards; None for what it says now.
            anew: the engine's files are made from the stored documents.
        """
        engines = EngineFiles(self._home / generation, self._engine, self._okapi_up_to, anew=anew)
        with database.in_words(self._home):
            connection = database.open_to_write(self.generations.corpus(generation))
            try:
                database.cut_log(connection, self.generations.corpus(generation))
                connection.execute("BEGIN IMMEDIATE")
                state = SqliteCorpus(self._home, connection)
            except BaseException:
                connection.close()
                raise

        done = False

        def finish() -> None:
            nonlocal done
            connection.execute("COMMIT")
            done = True
            if then is not None:
                self.generations.point_to(then)
            engines.tidy()
            database.cut_log(connection, self.generations.corpus(generation))

        number = sequence or state.sequence() + 1
        writer = SqliteWriter(self._home, connection, number, engines, finish, recount=anew)
        try:
            yield writer
        finally:
            connection.close()
            if not done:
                engines.discard(state.folder)

    def _take_over(self, generation: str, known: int, meanwhile: CatchUp | None) -> None:
        """Lets a generation that is whole and on the disk answer, with what others changed meanwhile.

        Args:
            generation: which one.
            known: the sequence number up to which it knows the one that answers.
            meanwhile: as for `write`.

        Raises:
            LibraryBusy: others went on changing the library for an hour without a gap.
        """
        for _ in range(_ROUNDS):  # nobody waits for these
            before, known = known, self._catch_up(generation, known, meanwhile)
            if known == before:
                break
        with self.locks.changing(patience=_PATIENCE):
            answering = self.pointer(damaged_is_none=True)
            last = self.last_sequence(answering.generation) if answering else 0
            then = Pointer(generation=generation, previous=answering.generation if answering else None, base=last + 1)
            if self._catch_up(generation, known, meanwhile, then=then) == known:
                self.generations.point_to(replace(then, base=known + 1))
            self.generations.tidy(then)

    def _catch_up(self, generation: str, known: int, meanwhile: CatchUp | None, *, then: Pointer | None = None) -> int:
        """Brings over what others changed in the generation that answers; the sequence number up to which that is.

        Args:
            generation: that makes itself ready to answer.
            known: the number up to which it knows the other.
            meanwhile: as for `write`.
            then: what `current` says afterwards, where something was brought over; None for what it says now.
        """
        answering = self.pointer(damaged_is_none=True)
        if answering is None or self.last_sequence(answering.generation) <= known:
            return known
        with ExitStack() as stack:
            try:
                old, source = stack.enter_context(self._state(answering.generation))
            except DamagedStore as error:
                log.warning("What was changed meanwhile is not brought over: %s", error)
                return known
            writer = stack.enter_context(self.write_on(generation, sequence=old.sequence() + 1, then=then))
            new, _ = stack.enter_context(self._state(generation))
            writer.take_number(new.sequence())
            put, gone = replaying.bring_over(source, writer, since=known)
            if meanwhile is not None:
                differing = writer.made_different
                meanwhile(Meanwhile(writer=writer, new=new, old=old, put=put, gone=gone, differing=differing))
            writer.commit()
            return old.sequence()

    @contextmanager
    def _state(self, generation: str) -> Iterator[tuple[SqliteCorpus, sqlite3.Connection]]:
        """A generation as it is now, and a connection to it."""
        with (
            database.in_words(self._home),
            closing(database.open_to_read(self.generations.corpus(generation))) as connection,
        ):
            connection.execute("BEGIN")
            yield SqliteCorpus(self._home, connection), connection

    @contextmanager
    def _new_generation(
        self, sequence: int, finished: Callable[[str], object], earlier: Earlier | None = None
    ) -> Iterator[SqliteWriter]:
        """A change that starts from nothing, in a folder of its own.

        Args:
            sequence: the change's number.
            finished: called with the folder's name once all is on the disk.
            earlier: the generation whose place it takes.
        """
        with database.in_words(self._home):
            generation = self.generations.new()
            folder = self._home / generation
            connection = database.create(self.generations.corpus(generation))
            connection.execute("BEGIN")
            if earlier is not None:
                earlier.carry_values(connection)

        def finish() -> None:
            connection.execute("COMMIT")
            database.keep_a_log(connection)
            connection.close()
            files.flush(self.generations.corpus(generation))
            files.flush(folder)
            finished(generation)

        engines = EngineFiles(folder, self._engine, self._okapi_up_to, along=True)
        writer = SqliteWriter(self._home, connection, sequence, engines, finish, earlier)
        try:
            yield writer
        finally:
            connection.close()
            if not writer.committed and not self._may_answer(generation):
                engines.discard("")
                shutil.rmtree(folder, ignore_errors=True)

    def _may_answer(self, generation: str) -> bool:
        """Whether `current` names the generation, or can't be read."""
        try:
            pointer = self.generations.current()
        except StoreError:
            return True
        return pointer is not None and pointer.generation == generation

    def in_this_format(self, pointer: Pointer) -> Pointer:
        """Sees to it that the generation that answers is written in the present format."""
        generation = self.brought_up(pointer.generation)
        if generation != pointer.generation:
            pointer = replace(pointer, generation=generation)
            with database.in_words(self._home):
                self.generations.point_to(pointer)
            self._tidy(pointer, self.locks.building(patience=0))
        return pointer

    def brought_up(self, generation: str) -> str:
        """The generation itself, or the name of a new one that holds the same in the present format."""
        path = self.generations.corpus(generation)
        with database.in_words(self._home):
            connection = database.open_to_read(path)
            try:
                if database.format_of(connection) == database.SCHEMA:
                    return generation
                sequence = SqliteCorpus(self._home, connection).sequence()
            finally:
                connection.close()
        names: list[str] = []
        with self._new_generation(sequence, names.append) as writer, database.in_words(self._home):
            try:
                replaying.write_over(path, writer)
            except (ValueError, LookupError, TypeError, AttributeError) as error:  # not what was packed
                raise database.damaged(self._home, str(error)) from error
            writer.commit()
        return names[0]

    def last_sequence(self, generation: str) -> int:
        """Of the generation; a number beyond all that it can have had when that can't be read."""
        try:
            connection = database.open_to_read(self.generations.corpus(generation))
            try:
                return SqliteCorpus(self._home, connection).sequence()
            finally:
                connection.close()
        except (sqlite3.Error, StoreError) as error:
            log.warning("The state of %s can't be read: %s", generation, error)
            return int(generation[1:]) * 1_000_000
