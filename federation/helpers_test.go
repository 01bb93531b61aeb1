package federation_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/federation/federationtest"
	"communique/storage/press"
)

// same compares what came with what was wanted.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// accepted wants a message to be answered with 202.
func accepted(t *testing.T, what string, status int, err error) {
	t.Helper()
	if err != nil || status != http.StatusAccepted {
		t.Errorf("%s is answered %d: %v", what, status, err)
	}
}

// refusedBy wants a message to be refused with an error.
func refusedBy(t *testing.T, what string, status int, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s is answered %d: %v, want the error %v", what, status, err, want)
	}
}

// objectID is the ActivityPub id of an article.
func objectID(a press.Article) string { return federationtest.Base + "/ap/articles/" + string(a.ID) }

// reactions are the likes, shares, quotes and replies of an article.
func reactions(s *federationtest.Site, a press.Article) string {
	r := s.Reactions(a.ID)
	return fmt.Sprint(r.Likes, r.Shares, r.Quotes, r.Replies)
}

// at reads a document along a path of fields.
func at(document any, path ...string) any {
	for _, name := range path {
		fields, ok := document.(map[string]any)
		if !ok {
			return nil
		}
		document = fields[name]
	}
	return document
}
