package federation

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
)

// maxBody is what an inbox takes: 1 MiB, as Mastodon does.
const maxBody = 1 << 20

// inbox takes an activity (ActivityPub §7). Whatever it may cause comes after
// its signature has been verified and its actor found to be the signer: the
// answer 202 means that both are true, and senders that know several signature
// schemes try the next one on 401 (INTEROP I2).
func (s *Server) inbox(w http.ResponseWriter, r *http.Request) error {
	if name := chi.URLParam(r, "actor"); name != "" {
		if _, err := s.named(name); err != nil {
			return err
		}
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	activity, err := vocab.ReadActivity(body)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	stranger, err := s.strangerLeaves(r, activity)
	if err != nil {
		return err
	}
	if stranger {
		w.WriteHeader(http.StatusAccepted)
		return nil
	}
	signed, err := s.verify(r, body, activity)
	if err != nil && !errors.Is(err, errGone) {
		return err
	}
	verified := err == nil
	if err := s.take(r.Context(), activity, signed); err != nil {
		return err
	}
	if verified {
		s.heardFrom(r.Context(), strings.ToLower(hostOf(activity.Actor)))
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !vocab.IsActivityJSON(r.Header.Get("Content-Type")) {
		return nil, fmt.Errorf("%w: %q, send %s", ErrMediaType, r.Header.Get("Content-Type"), vocab.MediaType)
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, fmt.Errorf("%w: Content-Encoding %s, send the body as it is", ErrMediaType, encoding)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: the body could not be read", ErrMalformed)
	}
	return body, nil
}

// strangerLeaves recognises the deletion of an account that has nothing to do
// with us. Large servers send thousands of them; the key is gone with the
// account, and there is nothing to delete, so no fetch is worth it (INTEROP I4).
func (s *Server) strangerLeaves(r *http.Request, a vocab.Incoming) (bool, error) {
	if !leaves(a) {
		return false, nil
	}
	var follows bool
	err := s.Store.View(r.Context(), func(tx *storage.Tx) (err error) {
		follows, err = tx.FollowsAny(a.Actor)
		return err
	})
	return !follows, err
}

// leaves recognises an actor that deletes itself.
func leaves(a vocab.Incoming) bool {
	object, ok := a.Object()
	return a.Type == vocab.TypeDelete && ok && object.ID == a.Actor
}

// verify checks that the activity's own actor signed the request. The key is
// fetched once more if it does not fit: it may have been changed (INTEROP I4).
func (s *Server) verify(r *http.Request, body []byte, a vocab.Incoming) (signature.Signature, error) {
	signed, err := signature.Parse(r, body, s.Site.Base, s.Store.Now())
	if err != nil {
		return signed, err
	}
	key, err := s.remote.FetchKey(r.Context(), signed.KeyID)
	if err != nil {
		return signed, keyError(a, err)
	}
	// Before the arithmetic: it costs nothing, and no key proves another's words.
	if key.Owner != a.Actor {
		return signed, fmt.Errorf("%w: the key is of %s, the activity of %s", ErrForbidden, key.Owner, a.Actor)
	}
	if signed.Verify(key.Public) == nil {
		return signed, nil
	}
	if key, err = s.remote.RefreshKey(r.Context(), signed.KeyID); err != nil {
		return signed, keyError(a, err)
	}
	if key.Owner != a.Actor {
		return signed, fmt.Errorf("%w: the key is of %s, the activity of %s", ErrForbidden, key.Owner, a.Actor)
	}
	return signed, signed.Verify(key.Public)
}

// errGone marks the deletion of a follower's account that we have seen for
// ourselves: its key answers 410, so nothing can be verified by it any more.
var errGone = errors.New("the account is gone")

func keyError(a vocab.Incoming, err error) error {
	switch {
	case errors.Is(err, remote.ErrGone) && leaves(a):
		return errGone
	case errors.Is(err, remote.ErrUnavailable):
		return fmt.Errorf("fetch the key of %s: %w", a.Actor, err)
	}
	return fmt.Errorf("%w: the key cannot be used: %w", signature.ErrInvalid, err)
}
