package feeds

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// mostChanges bounds a delta. A reader who lacks more gets the whole feed, whose
// archive documents hold the rest.
const mostChanges = newsdesk.ArchiveBlockLength

// errLongDelta says that too much has changed for a delta.
var errLongDelta = errors.New("too much has changed")

// delta is what has changed for a reader who has the feed as of an entry.
type delta struct {
	since   press.Seq
	changes int // how many articles have changed
}

// deltaFor returns the delta for a reader who accepts the changes since the version
// they have (RFC 3229, with the instance manipulation "feed"). It is nil if they
// get the whole feed instead: they name no version of ours, have the newest, or
// lack too much.
func (s *Server) deltaFor(tx *storage.Tx, r *http.Request, of resource, p place) (*delta, error) {
	if !acceptsDelta(r) {
		return nil, nil
	}
	base := s.known(r, of)
	if base == 0 || base == of.version.seq {
		return nil, nil
	}
	changes, err := tx.CountSince(p.section.ID, p.lang, base, mostChanges+1)
	if err != nil || changes > mostChanges {
		return nil, err
	}
	// Every item shows section names and addresses, and no item tells of their change.
	if shown, err := tx.ShownSince(p.section.ID, base); err != nil || shown {
		return nil, err
	}
	return &delta{since: base, changes: changes}, nil
}

// acceptsDelta reports whether A-IM accepts "feed" (RFC 3229 §10.5.3).
func acceptsDelta(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("A-IM"), ","), ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "feed") {
			return weight(parameters) > 0
		}
	}
	return false
}

// known is the newest version that an If-None-Match names, ignoring tags of
// another build or configuration and of the future; 0 if there is none.
func (s *Server) known(r *http.Request, of resource) press.Seq {
	prefix := strings.TrimSuffix(s.tag(of, version{}), "0")
	var best press.Seq
	for tag := range tagsIn(strings.Join(r.Header.Values("If-None-Match"), ",")) {
		number, ok := strings.CutPrefix(withoutCoding(tag), prefix)
		seq, err := strconv.ParseUint(strings.TrimSuffix(number, quietMark), 10, 63)
		if ok && err == nil && press.Seq(seq) <= of.version.seq {
			best = max(best, press.Seq(seq))
		}
	}
	return best
}

// fillDelta reads what has changed since a version: published and corrected
// articles in their current form, withdrawn ones as tombstones and notices.
func (s *Server) fillDelta(tx *storage.Tx, p place, lacks delta, f *Feed) error {
	articles, err := tx.ArticlesSince(p.section.ID, p.lang, lacks.since, mostChanges+1)
	if err != nil {
		return err
	}
	shown, err := tx.ShownSince(p.section.ID, lacks.since)
	if err == nil && (shown || len(articles) > mostChanges) {
		err = errLongDelta // it has grown since the request arrived
	}
	if err != nil {
		return err
	}
	// However long ago it was: this reader has not heard of it.
	return s.fill(tx, p, f, articles, time.Time{})
}

// serveDelta answers with the changes since a version. The answer is for this
// reader only; no cache may give it to another.
func (s *Server) serveDelta(w http.ResponseWriter, r *http.Request, of resource, lacks delta) error {
	d, err := s.deltaDocument(of, lacks)
	if err != nil {
		return err
	}
	of.policy = "no-store"
	h := w.Header()
	for _, field := range []string{"A-IM", "If-None-Match", "Accept-Encoding"} {
		AddVary(h, field)
	}
	h.Set("IM", "feed") // RFC 3229 §10.5.2
	// RFC 3229 §10.4.1: the tag is that of the whole feed.
	writeDocument(w, r, http.StatusIMUsed, s.head(of, d.version), d, s.store.Now())
	return nil
}

// deltaDocument renders a delta. The cache keeps it by the number of changes,
// because everybody who lacks that many lacks the same; so whatever tags are sent,
// it holds at most mostChanges deltas of a feed.
func (s *Server) deltaDocument(of resource, lacks delta) (*document, error) {
	key := fmt.Sprintf("%s-delta-%d", of.key, lacks.changes)
	d, err := s.documents.get(key, of.version, func() (*document, error) { return renderBoth(of) })
	if err != nil || d.version == of.version {
		return d, err
	}
	// The feed has changed since the changes were counted: the newest ones may now
	// be others, and a reader who took their tag would never hear of the rest.
	return renderBoth(of)
}
