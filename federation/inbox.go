package federation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/press"
)

// maxBody is the largest request body that an inbox accepts: 1 MiB, as Mastodon's.
const maxBody = 1 << 20

// inbox accepts an activity (ActivityPub §7). Nothing has an effect before the
// signature has been verified and the activity's actor found to be the signer.
// The answer 202 says that both are true, or that the activity would have no
// effect anyway; on 401, senders that know several signature schemes try the next
// one (INTEROP I2).
func (s *Server) inbox(w http.ResponseWriter, r *http.Request) error {
	if name := chi.URLParam(r, "actor"); name != "" {
		if _, err := s.actorNamed(name); err != nil {
			return err
		}
	}
	r = r.WithContext(s.onBehalfOf(r))
	activity, signed, err := s.receive(w, r)
	switch {
	case errors.Is(err, errDeparture), errors.Is(err, errBlocked):
		w.WriteHeader(http.StatusAccepted)
		return nil
	case err != nil:
		return s.claimed(activity, signed, s.countFailure(r, err))
	}
	if err := s.take(r, activity, signed); err != nil {
		return s.claimed(activity, signed, err)
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// take does what a verified message asks for.
func (s *Server) take(r *http.Request, activity vocab.Incoming, signed signature.Signature) error {
	host := press.HostOf(activity.Actor)
	s.remote.PaidOff(r.Context(), host)
	if err := s.limits.Verified(host); err != nil {
		return err
	}
	s.retryHostSoon(r.Context(), host)
	s.noteSupposed(r, activity.Actor, signed)
	return s.dispatch(r.Context(), activity, signed)
}

// receive reads a message and finds out whose it is.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) (vocab.Incoming, signature.Signature, error) {
	var signed signature.Signature
	body, err := readBody(w, r)
	if err != nil {
		return vocab.Incoming{}, signed, err
	}
	activity, err := vocab.ReadActivity(body)
	if err != nil {
		return activity, signed, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if deletesItself(activity) {
		signed, err = s.departure(r, body, activity)
		return activity, signed, err
	}
	signed, err = s.verify(r, body, activity)
	return activity, signed, err
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !vocab.IsActivityJSON(r.Header.Get("Content-Type")) {
		return nil, fmt.Errorf("%w: %q, send %s", ErrMediaType, r.Header.Get("Content-Type"), vocab.MediaType)
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, fmt.Errorf("%w: Content-Encoding %s, send the body unencoded", ErrMediaType, encoding)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, err
		}
		return nil, fmt.Errorf("%w: the body could not be read", ErrMalformed)
	}
	return body, nil
}

// deletesItself reports whether an activity deletes its own actor.
func deletesItself(a vocab.Incoming) bool {
	object, ok := a.Object()
	return a.Type == vocab.TypeDelete && ok && object.ID == a.Actor
}

// verify checks that the activity's own actor signed the request. If the key
// doesn't fit it is fetched once more: it may have been replaced (INTEROP I4).
func (s *Server) verify(r *http.Request, body []byte, a vocab.Incoming) (signature.Signature, error) {
	signed, err := signature.Parse(r, body, s.Site.Base, s.Store.Now())
	if err != nil {
		return signed, err
	}
	keys, err := s.admit(r, a, signed.KeyID)
	if err != nil {
		return signed, err
	}
	key, err := keys.FetchKey(r.Context(), signed.KeyID)
	if err != nil {
		return signed, keyError(a.Actor, err)
	}
	// Before the arithmetic: it costs nothing, and no key proves what another said.
	if key.Owner != a.Actor {
		return signed, fmt.Errorf("%w: the key is %s's, the activity %s's", ErrForbidden, key.Owner, a.Actor)
	}
	err = keys.verify(r.Context(), signed, &key)
	if err != nil && !errors.Is(err, signature.ErrInvalid) {
		return signed, keyError(a.Actor, err)
	}
	if key.Owner != a.Actor {
		return signed, fmt.Errorf("%w: the key is %s's, the activity %s's", ErrForbidden, key.Owner, a.Actor)
	}
	return signed.WithKey(key.Public), err
}

// account fetches the actor with an id. Its address may lead to another actor by
// now, other than when the key was fetched there; ErrForbidden then.
func (s *Server) account(ctx context.Context, id string) (vocab.RemoteActor, error) {
	found, err := s.remote.FetchActor(ctx, id)
	if err != nil {
		return found, keyError(id, err)
	}
	if found.ID != id {
		return found, fmt.Errorf("%w: %s says that it is %s", ErrForbidden, id, found.ID)
	}
	return found, nil
}

func keyError(actor string, err error) error {
	var throttled *moderation.ThrottledError
	switch {
	case errors.As(err, &throttled):
		return err
	case errors.Is(err, remote.ErrUnavailable):
		return fmt.Errorf("fetch the key of %s: %w", actor, err)
	}
	return fmt.Errorf("%w: the key cannot be used: %w", signature.ErrInvalid, err)
}
