package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/press"
)

// maxFetches bounds the fetches that one message may cause.
const maxFetches = 5

// errBlocked marks a message from a blocked sender. It is accepted and has no
// effect, so that its sender doesn't try again.
var errBlocked = errors.New("the sender is blocked")

// refuse keeps our fetches away from blocked servers.
func (s *Server) refuse(ctx context.Context, address string) error {
	if s.Held {
		return fmt.Errorf("%w: nothing is sent out, all is held", remote.ErrUnavailable)
	}
	blocked, err := s.Store.Blocked(ctx, address)
	if err == nil && blocked {
		err = fmt.Errorf("%w: it is blocked", remote.ErrForbidden)
	}
	return err
}

// keyring fetches the key of one message, within its limits.
type keyring struct {
	remote *remote.Client
	own    func(ctx context.Context, keyID string) (key remote.Key, ours bool, err error)
	limits *moderation.Limits
	host   string
	// known is an error if only keys that are known already may be used: why.
	known error
}

// onBehalfOf is the context of what is fetched for a request that has just come.
func (s *Server) onBehalfOf(r *http.Request) context.Context {
	return s.remote.OnBehalfOf(remote.WithBudget(r.Context(), maxFetches), moderation.ClientKey(r.RemoteAddr))
}

// admit decides, before a message is verified, whether it is heard at all
// (errBlocked) and whether a key may be fetched for it.
func (s *Server) admit(r *http.Request, a vocab.Incoming, keyID string) (keyring, error) {
	blocked, err := s.Store.Blocked(r.Context(), a.Actor, keyID)
	if err != nil {
		return keyring{}, err
	}
	if blocked {
		return keyring{}, errBlocked
	}
	return keyring{remote: s.remote, own: s.ownKey, limits: s.limits, host: press.HostOf(keyID), known: s.limits.Suspect(r.RemoteAddr)}, nil
}

func (k *keyring) FetchKey(ctx context.Context, keyID string) (remote.Key, error) {
	if key, ours, err := k.own(ctx, keyID); ours {
		return key, err
	}
	if key, ok := k.remote.KnownKey(keyID); ok {
		if k.known != nil && signature.Costly(key.Public) {
			return remote.Key{}, k.known // the arithmetic is what is meant
		}
		return key, nil
	}
	// What can never be fetched is not counted, and so not remembered.
	if err := k.remote.CheckKeyID(keyID); err != nil {
		return remote.Key{}, err
	}
	if k.known != nil {
		return remote.Key{}, k.known
	}
	if err := k.limits.Stranger(k.host); err != nil {
		return remote.Key{}, err
	}
	return k.remote.FetchKey(ctx, keyID)
}

// verify checks a signature with a key, or with what it was replaced by, which is the
// key then. It takes no further arithmetic if that is the same still.
func (k *keyring) verify(ctx context.Context, signed signature.Signature, key *remote.Key) error {
	failed := signed.Verify(key.Public)
	if failed == nil {
		return nil
	}
	now, err := k.RefreshKey(ctx, signed, *key)
	switch {
	case err != nil:
		return err
	case now.Is(*key):
		return failed
	}
	*key = now
	return signed.Verify(now.Public)
}

// RefreshKey fetches a key again that does not verify a signature, unless it was
// fetched for just this message, or has made the signature itself, of something else.
func (k *keyring) RefreshKey(ctx context.Context, signed signature.Signature, key remote.Key) (remote.Key, error) {
	if signed.MadeWith(key.Public) {
		return key, nil
	}
	if own, ours, err := k.own(ctx, signed.KeyID); ours {
		return own, err
	}
	if k.known != nil {
		return remote.Key{}, k.known
	}
	return k.remote.RefreshKey(ctx, signed.KeyID)
}

// countFailure counts a message that proved nothing against the client that sent
// it. If there have been too many, it returns that in place of the message's error.
func (s *Server) countFailure(r *http.Request, err error) error {
	if !provesNothing(err) {
		return err
	}
	if throttled := s.limits.Suspect(r.RemoteAddr); throttled != nil {
		return throttled
	}
	s.limits.Unverified(r.RemoteAddr)
	return err
}

// provesNothing reports whether an error is the sender's fault and not ours.
func provesNothing(err error) bool {
	var tooLarge *http.MaxBytesError
	for _, fault := range []error{
		ErrMalformed, ErrMediaType, ErrForbidden, signature.ErrInvalid,
		remote.ErrForbidden, remote.ErrNotFound, remote.ErrGone, remote.ErrUntrusted, remote.ErrUnavailable,
	} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return errors.As(err, &tooLarge)
}
