package sight

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/delivery/outbound"
	"communique/storage/delivery/patience"
	"communique/storage/press"
	"communique/storage/sightings"
)

// places are where readers see what an entry is about.
type places struct {
	page, feed string
	id         string // of the article in feeds
}

func placesOf(tx *storage.Tx, site press.Site, e press.Entry) (places, error) {
	a, err := tx.Article(e.Article)
	if err != nil {
		return places{}, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return places{}, err
	}
	section, _ := tree.Section(a.Section)
	p := places{page: site.Article(a), feed: site.Feed(a.Language, section.Path, "json"), id: site.ArticleTag(a.ID)}
	if a.State == press.Withdrawn {
		p.page = site.ArticleByID(a.Language, a.ID, "")
	}
	return p, nil
}

// errUnlike is what readers see that is another thing than what is said here.
var errUnlike = errors.New("it shows an earlier state, or another thing")

// errTooOld is that nobody looks there for it.
var errTooOld = errors.New("it is older than what the feed holds")

// look looks at the page and the feed for what was not seen there yet. final tells that there is
// no use in looking again.
func (l *Looker) look(ctx context.Context, p places, s *sightings.Sighting) (final bool) {
	var page, feed error
	var asking sync.WaitGroup
	if !s.Page.Found() {
		asking.Go(func() { page = l.compare(ctx, p.page, "text/html", samePage) })
	}
	if !s.Feed.Found() {
		asking.Go(func() {
			feed = l.compare(ctx, p.feed, "application/feed+json", func(here, there []byte) error { return sameItem(here, there, p.id) })
		})
	}
	asking.Wait()
	now := l.Store.Now()
	s.Page, s.Feed = sightOf(s.Page, page, now), sightOf(s.Feed, feed, now)
	return isFinal(page, s.Page) && isFinal(feed, s.Feed)
}

// sightOf is what was seen, after a look that returned err.
func sightOf(before sightings.Sight, err error, now time.Time) sightings.Sight {
	switch {
	case before.Found():
		return before
	case err == nil:
		return sightings.Sight{Seen: now}
	case errors.Is(err, outbound.ErrForbidden):
		return sightings.Sight{Fault: "it cannot be looked at from this machine, which is led to it by a way of its own: " + err.Error()}
	}
	return sightings.Sight{Fault: err.Error()}
}

// isFinal tells whether nothing more is to be learned.
func isFinal(err error, s sightings.Sight) bool {
	return s.Found() || errors.Is(err, outbound.ErrForbidden) || errors.Is(err, errTooOld)
}

// compare asks for an address as readers do, and tells whether the same is there as here.
func (l *Looker) compare(ctx context.Context, address, accept string, same func(here, there []byte) error) error {
	there, err := l.ask(ctx, address, accept)
	if err != nil {
		return err
	}
	here, err := l.here(ctx, address, accept)
	switch {
	case err != nil:
		return err
	case there.status != here.status:
		return fmt.Errorf("it answers %d", there.status)
	case there.status == http.StatusGone:
		return nil
	case there.status != http.StatusOK:
		return fmt.Errorf("it answers %d", there.status)
	case here.tag != "" && strings.TrimPrefix(there.tag, "W/") == strings.TrimPrefix(here.tag, "W/"):
		return same(here.body, here.body) // a network of caches may have made it smaller
	}
	return same(here.body, there.body)
}

// answer is what stands at an address.
type answer struct {
	status int
	tag    string
	body   []byte
}

// mostRead bounds how much of a document is read.
const mostRead = 16 << 20

func (l *Looker) ask(ctx context.Context, address, accept string) (a answer, err error) {
	ctx, cancel := patience.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return a, err
	}
	r.Header.Set("Accept", accept)
	r.Header.Set("User-Agent", l.UserAgent)
	got, err := outbound.Do(l.client, l.clock, r)
	if err != nil {
		return a, outbound.Fault(err)
	}
	defer got.Body.Close()
	a = answer{status: got.StatusCode, tag: got.Header.Get("ETag")}
	if a.body, err = io.ReadAll(io.LimitReader(got.Body, mostRead)); err != nil {
		return a, fmt.Errorf("read what is there: %w", err)
	}
	return a, nil
}

// here is what this machine renders for an address.
func (l *Looker) here(ctx context.Context, address, accept string) (answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.RequestURI(), nil)
	if err != nil {
		return answer{}, err
	}
	r.Host = u.Host
	r.Header.Set("Accept", accept)
	status, tag, body := l.Here(r)
	return answer{status, tag, body}, nil
}

// samePage tells whether two pages say the same article; reactions to it, which stand beside it,
// come and go.
func samePage(here, there []byte) error {
	if !bytes.Equal(articleOf(here), articleOf(there)) {
		return errUnlike
	}
	return nil
}

func articleOf(page []byte) []byte {
	_, from, _ := bytes.Cut(page, []byte("<article>"))
	article, _, _ := bytes.Cut(from, []byte("</article>"))
	return article
}

// sameItem tells whether two feeds say the same of an article.
func sameItem(here, there []byte, id string) error {
	ours, err := itemOf(here, id)
	if err != nil {
		return err
	}
	if ours == nil {
		return errTooOld
	}
	theirs, err := itemOf(there, id)
	switch {
	case err != nil:
		return fmt.Errorf("it is no feed: %w", err)
	case theirs == nil:
		return errors.New("it does not list it")
	case !reflect.DeepEqual(ours, theirs):
		return errUnlike
	}
	return nil
}

func itemOf(feed []byte, id string) (map[string]any, error) {
	var document struct{ Items []map[string]any }
	if err := json.Unmarshal(feed, &document); err != nil {
		return nil, err
	}
	for _, item := range document.Items {
		if item["id"] == id {
			return item, nil
		}
	}
	return nil, nil
}
