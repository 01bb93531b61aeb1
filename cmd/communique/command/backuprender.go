package command

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/web"
	"communique/feeds"
	"communique/storage/press"
)

// rehearsePages asks a site that was restored on trial for the page of its newest article,
// or its front page if it has none, and for the feed in which that stands.
func (a *app) rehearsePages(ctx context.Context, in *installation, pictures gallery, r *rehearsal) {
	ask, err := in.reader(ctx, pictures)
	var newest press.Article
	is := false
	if err == nil {
		newest, is, err = in.newestArticle(ctx)
	}
	if err != nil {
		r.judge("a page", "", err)
		return
	}
	lang, page, says := in.language(), in.site.Home(in.language()), "the front page is shown; there is no article"
	if is {
		lang, page, says = newest.Language, in.site.Article(newest), "that of the newest article is shown, "+string(newest.ID)
	}
	body, err := ask(page)
	if err == nil && is && !bytes.Contains(body, []byte(newest.ID)) {
		err = fmt.Errorf("%s is not the page of article %s", page, newest.ID)
	}
	r.judge("a page", says, err)
	body, err = ask(in.site.Feed(lang, "", "atom"))
	if err == nil {
		err = wellFormed(body)
	}
	if err == nil && is && !bytes.Contains(body, []byte(newest.ID)) {
		err = fmt.Errorf("it lacks the newest article, %s", newest.ID)
	}
	r.judge("a feed", fmt.Sprintf("that of the site in %s is shown", lang), err)
}

// reader makes what asks the site for a document, within the program.
func (in *installation) reader(ctx context.Context, pictures gallery) (ask func(address string) ([]byte, error), err error) {
	readers, err := feeds.NewServer(ctx, feeds.Options{Store: in.store, Identity: identityOf(in, pictures), Build: version(), Pictures: pictures.all()})
	if err != nil {
		return nil, err
	}
	router := chi.NewRouter()
	var failed error
	readers.Routes(router, func(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { failed = h(w, r) }
	})
	return func(address string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
		failed = nil
		answer := web.Ask(router, r)
		if failed == nil && answer.Status != http.StatusOK {
			failed = errors.New(http.StatusText(answer.Status))
		}
		if failed != nil {
			return nil, fmt.Errorf("%s: %w", address, failed)
		}
		return answer.Body.Bytes(), nil
	}, nil
}

// wellFormed reads a document to its end.
func wellFormed(document []byte) error {
	d := xml.NewDecoder(bytes.NewReader(document))
	elements := 0
	for {
		token, err := d.Token()
		if _, begins := token.(xml.StartElement); begins {
			elements++
		}
		switch {
		case errors.Is(err, io.EOF) && elements > 0:
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("it is empty")
		case err != nil:
			return fmt.Errorf("it is not well formed: %w", err)
		}
	}
}
