"""What page handlers are given: the store's newest generation and a way to answer enquiries."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.answers import answer
from api.asking import Asked, ask
from api.pages.consortium import Answer
from api.pages.rendering import language_of
from graph.store import Store

__all__ = ["Answering", "CurrentStore", "PageLanguage", "answering", "current_store"]


def current_store(request: Request) -> Store:
    """Return the newest generation of the application's store."""
    store: Store = request.app.state.store
    return store.latest()


CurrentStore = Annotated[Store, Depends(current_store)]
PageLanguage = Annotated[str, Depends(language_of)]


def answering(store: CurrentStore) -> Callable[[Asked, str], Answer]:
    """Return the function that answers an enquiry in one language."""

    def answer_asked(asked: Asked, language: str) -> Answer:
        answered = ask(store, asked, language)
        document = answer(answered.suggestion, answered.landscape, language)
        return Answer(document, answered.landscape)

    return answer_asked


Answering = Annotated[Callable[[Asked, str], Answer], Depends(answering)]
