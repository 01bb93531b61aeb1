package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"communique/federation/signature"
	"communique/federation/vocab"
)

// follow lets every follower ask to follow the actor and waits until all have
// been accepted.
func (f *fediverse) follow(ctx context.Context, actor string) error {
	inbox, err := f.inboxOf(ctx, actor)
	if err != nil {
		return err
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(followAtOnce)
	for n := range f.followers {
		group.Go(func() error {
			id := f.follower(n)
			text, err := vocab.Marshal(vocab.NewFollow(vocab.Follow{ID: id + "/follow", Actor: id, Object: actor}))
			if err != nil {
				return err
			}
			return f.postOften(within, inbox, text, id+"#main-key")
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return f.awaitAccepts(ctx)
}

func (f *fediverse) inboxOf(ctx context.Context, actor string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, actor, nil)
	if err != nil {
		return "", err
	}
	r.Header.Set("Accept", vocab.Accept)
	answer, err := f.client.Do(r)
	if err != nil {
		return "", fmt.Errorf("fetch the actor: %w", err)
	}
	defer answer.Body.Close()
	var document struct{ Inbox string }
	if err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&document); err != nil || document.Inbox == "" {
		return "", fmt.Errorf("fetch the actor %s: status %d, no inbox: %w", actor, answer.StatusCode, err)
	}
	return document.Inbox, nil
}

func (f *fediverse) postOften(ctx context.Context, inbox string, text []byte, keyID string) (err error) {
	for range followTries {
		var status int
		if status, err = post(ctx, f.client, inbox, text, signature.Key{ID: keyID, Private: f.key.Private}, ""); err == nil && status/100 == 2 {
			return nil
		}
		err = fmt.Errorf("follow by %s: status %d: %w", keyID, status, err)
		time.Sleep(200 * time.Millisecond)
	}
	return err
}

func (f *fediverse) awaitAccepts(ctx context.Context) error {
	deadline := time.Now().Add(acceptsWithin)
	for {
		f.accepting.Lock()
		n := len(f.accepted)
		f.accepting.Unlock()
		switch {
		case n >= f.followers:
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("%d of %d follows were accepted within %s", n, f.followers, acceptsWithin)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		time.Sleep(50 * time.Millisecond)
	}
}
