package stories

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/federation"
	"communique/federation/signature"
	"communique/storage/audience"
)

// TestEvidence: what is kept as evidence outlives its author's deletion, at the desk and on the
// command line alone; the request that brought it is verified again with its author's key, by
// whatever scheme it was signed.
func TestEvidence(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	s.DeskAddress()
	a := s.Publish("Answered")
	s.Serve()
	editor := s.Officer(t, "a.silva", "editor")
	editor.SetUpFactor()
	for n, by := range e2etest.Schemes {
		p := e2etest.NewPeerOfTwoKeys(t)
		post := p.Post("1", "<p>I know where you live</p>", s.ObjectID(a))
		e2etest.Equal(t, "a threat by "+by.String(), p.SendBy(by, s.Inbox(), p.Activity("Create", "1", post)), http.StatusAccepted)
		token := s.WaitingReply()
		page := editor.Post("/answers/" + token + "/evidence")
		e2etest.Equal(t, "kept", page.Status, http.StatusOK)
		var kept struct {
			ID, Post, By    string
			Original_sha256 string
		}
		s.ReadJSON(&kept, "replies", "keep", token, "--json") // it is kept already
		e2etest.Equal(t, "by whom", kept.By, "a.silva")
		address := "/evidence/" + kept.ID
		p.Sends(s, p.Activity("Delete", "2", map[string]any{"type": "Tombstone", "id": kept.Post}))
		if _, _, err := s.Run("replies", "show", token); err == nil {
			t.Error("the reply is still there")
		}
		for what, text := range map[string]string{"the desk": string(editor.Get(address).Body), "the command": s.Must("replies", "evidence", kept.ID)} {
			for _, part := range []string{"I know where you live", p.Actor(), kept.Post, kept.Original_sha256, "kept as evidence"} {
				if !strings.Contains(text, part) {
					t.Errorf("%s does not tell %s:\n%s", what, part, text)
				}
			}
		}
		if page := string(s.Page(a).Body); strings.Contains(page, "where you live") {
			t.Error("evidence is public")
		}
		original := editor.Get(address + "/original").Body
		e2etest.Equal(t, "of both", s.Must("replies", "evidence", kept.ID, "--original"), string(original))
		sum := sha256.Sum256(original)
		e2etest.Equal(t, "its digest", hex.EncodeToString(sum[:]), kept.Original_sha256)
		keptKey := editor.Get(address + "/key").Body
		e2etest.Equal(t, "the key, of both", s.Must("replies", "evidence", kept.ID, "--key"), string(keptKey))
		verified := federation.VerifyOriginal(audience.Original{Request: original, Key: string(keptKey)}, s.Base, time.Now())
		e2etest.Equal(t, "verified with what is kept, when the author's server is asked no more", verified, nil)
		if page := string(editor.Get(address).Body); !strings.Contains(page, "it does so still") {
			t.Error("the desk does not say that the key verifies it")
		}
		var key crypto.Signer = p.Key
		if by.Further {
			key = p.Further
		}
		e2etest.Equal(t, "verified again, by "+by.String(), verifyAgain(t, original, s.Base, key.Public()), nil)
		if err := verifyAgain(t, bytes.Replace(original, []byte("know"), []byte("knew"), 1), s.Base, key.Public()); err == nil {
			t.Error("what was changed is verified")
		}
		e2etest.Equal(t, "in the list", strings.Count(s.Must("replies", "evidence", "--json"), `"kept"`), n+1)
	}
	list := s.Must("replies", "evidence", "--limit", "1")
	id, _, _ := strings.Cut(strings.SplitN(list, "\n", 3)[1], " ")
	s.Must("replies", "evidence", id, "--remove")
	e2etest.Equal(t, "what was removed", editor.Get("/evidence/"+id).Status, http.StatusNotFound)
	if audit := s.Must("audit", "list", "--did", "evidence removed"); !strings.Contains(audit, "evidence removed") || strings.Contains(audit, "where you live") {
		t.Errorf("the audit:\n%s", audit)
	}
	for _, wrong := range [][]string{{"keep"}, {"keep", "nothing"}, {"evidence", "nothing"}, {"evidence", "--remove"}, {"evidence", id, "--remove", "--original"}} {
		if _, _, err := s.Run(append([]string{"replies"}, wrong...)...); err == nil {
			t.Errorf("replies %v is taken", wrong)
		}
	}
}

// TestEvidenceInBackups: a backup has what was kept as evidence.
func TestEvidenceInBackups(t *testing.T) {
	e2etest.NeedsFile(t)
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Quoted")
	s.Serve()
	p.Sends(s, p.Activity("Create", "1", e2etest.With(p.Post("1", "<p>Look at that</p>", ""), "quote", s.ObjectID(a))))
	var quote, kept struct{ ID string }
	s.ReadJSON(&quote, "replies", "list", "--state", "approved", "--json")
	s.ReadJSON(&kept, "replies", "keep", quote.ID, "--json")
	original := s.Must("replies", "evidence", kept.ID, "--original")
	if !strings.Contains(original, "Look at that") {
		t.Errorf("the original of a quote:\n%s", original)
	}
	file := filepath.Join(t.TempDir(), "one.backup")
	s.Must("backup", file)
	restored := s.Elsewhere()
	restored.Must("restore", file)
	restored.Must("restore", "--confirm")
	e2etest.Equal(t, "the original, restored", restored.Must("replies", "evidence", kept.ID, "--original"), original)
}

// verifyAgain verifies a request as it was kept.
func verifyAgain(t *testing.T, original []byte, base string, key crypto.PublicKey) error {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(original)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signature.Parse(r, body, base, time.Now())
	if err != nil {
		return err
	}
	return signed.Verify(key)
}
