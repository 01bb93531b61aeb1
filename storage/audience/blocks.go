package audience

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"communique/storage/deliveries"
	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/richtext"
)

// BlockKind is what a block is of.
type BlockKind string

// The kinds of blocks.
const (
	BlockDomain BlockKind = "domain" // with all below it
	BlockActor  BlockKind = "actor"
)

// Block is a domain or an actor whose messages are ignored.
type Block struct {
	Subject string // "bad.example" in lower case, or an actor's id
	Kind    BlockKind
	Comment string
	Since   time.Time
}

// AddBlock stores a block; fresh is false if it was there, and only its
// comment is new, if there is one: most lists have none, and must not wipe out
// what the operator wrote. It counts from the next activity on; [Tx.ApplyBlocks] undoes
// what was before.
func (tx *Tx) AddBlock(b Block) (fresh bool, err error) {
	var since int64
	err = tx.db.Row(`INSERT INTO blocks (subject, kind, comment, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject) DO UPDATE SET comment = CASE excluded.comment WHEN '' THEN blocks.comment ELSE excluded.comment END RETURNING since`,
		b.Subject, b.Kind, richtext.CleanText(b.Comment), kernel.Micros(tx.db.Now())).Scan(&since)
	if err != nil {
		return false, fmt.Errorf("block %s: %w", b.Subject, err)
	}
	return since == kernel.Micros(tx.db.Now()), tx.changeBlocks()
}

// RemoveBlock ends a block. What it removed does not come back by itself. An
// unknown one is press.ErrNotFound.
func (tx *Tx) RemoveBlock(subject string) error {
	var one int
	if err := tx.db.Row(`DELETE FROM blocks WHERE subject = $1 RETURNING 1`, subject).Scan(&one); err != nil {
		return fmt.Errorf("end the block: %w", kernel.NotFound(err, "%s is not blocked", subject))
	}
	return tx.changeBlocks()
}

// Blocks reads up to limit blocks in the order of their subjects, after
// one.
func (tx *Tx) Blocks(after string, limit int) ([]Block, error) {
	var all []Block
	err := tx.db.Each(func(scan func(...any) error) error {
		var b Block
		var since int64
		err := scan(&b.Subject, &b.Kind, &b.Comment, &since)
		b.Since = kernel.Instant(since)
		all = append(all, b)
		return err
	}, `SELECT subject, kind, comment, since FROM blocks WHERE subject > $1 ORDER BY subject LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	return all, nil
}

// Blocked reports whether any of some addresses is that of a blocked actor or
// on a blocked domain.
func (tx *Tx) Blocked(addresses ...string) (bool, error) {
	list, err := tx.blocklist()
	if err != nil {
		return false, err
	}
	return list.has(addresses...), nil
}

// maxLabels bounds how deep in a name blocks are looked for: a name has 253
// characters.
const maxLabels = 127

// subjects are what a block of an address could be under: the actor's id, its
// host with its port, and the host with all domains above it.
func subjects(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil
	}
	actor, _, _ := strings.Cut(address, "#")
	domain := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	all := []string{actor, domain}
	if u.Port() != "" {
		all = append(all, strings.ToLower(u.Host))
	}
	if host := press.HostOf(address); host != domain {
		all = append(all, host)
	}
	for range maxLabels {
		_, above, below := strings.Cut(domain, ".")
		if !below {
			break
		}
		all = append(all, above)
		domain = above
	}
	return all
}

// Applied is what blocks have undone.
type Applied struct {
	Followers    int // accounts, whichever of our actors they followed
	Replies      int // no longer shown, or waiting no longer
	Interactions int
	Features     []Feature // permissions that were taken back
	Quotes       []Quote
}

// ApplyBlocks undoes what blocked actors and domains have here: they follow no
// more, their replies are rejected, their likes, announces and quotes not
// counted, and what they may list and quote is taken back. Nothing new is delivered
// there; what is said of the articles that they may have, is. reject makes the message
// that tells a follower's server that the follow has ended, or it would go on believing
// in it.
func (tx *Tx) ApplyBlocks(reject func(Follower) (deliveries.Directed, error)) (done Applied, err error) {
	if err := tx.log.Lock(); err != nil {
		return done, err
	}
	if done.Followers, err = tx.dropBlockedFollowers(reject); err != nil {
		return done, err
	}
	err = tx.eachBlocked(`SELECT DISTINCT actor FROM replies WHERE state <> 'rejected' AND actor > $1 ORDER BY actor LIMIT $2`, func(actor string) error {
		return tx.turnAll(`UPDATE replies SET state = 'rejected' WHERE actor = $1 AND state <> 'rejected' RETURNING article`, actor)
	}, &done.Replies)
	if err != nil {
		return done, err
	}
	err = tx.eachBlocked(`SELECT DISTINCT actor FROM interactions WHERE actor > $1 ORDER BY actor LIMIT $2`, func(actor string) error {
		return tx.dropInteractions(`actor = $1`, actor)
	}, &done.Interactions)
	if err != nil {
		return done, err
	}
	return done, tx.revokeBlocked(&done)
}

// revokeBlocked takes back the permissions of blocked actors, for good.
func (tx *Tx) revokeBlocked(done *Applied) error {
	for query, revoke := range map[string]func(actor string) error{
		`SELECT DISTINCT actor FROM features WHERE actor > $1 ORDER BY actor LIMIT $2`: func(actor string) error {
			revoked, err := tx.revokeFeaturesOf(actor)
			done.Features = append(done.Features, revoked...)
			return err
		},
		`SELECT DISTINCT actor FROM quotes WHERE actor > $1 ORDER BY actor LIMIT $2`: func(actor string) error {
			revoked, err := tx.revokeQuotesOf(actor)
			done.Quotes = append(done.Quotes, revoked...)
			return err
		},
		`SELECT DISTINCT actor FROM quoting WHERE actor > $1 ORDER BY actor LIMIT $2`: tx.rejectQuotingOf,
	} {
		var actors int
		if err := tx.eachBlocked(query, revoke, &actors); err != nil {
			return err
		}
	}
	return nil
}

// pageOfActors is how many actors are looked at at a time.
const pageOfActors = 1000

// eachBlocked calls act for each blocked actor of a query, and counts them.
func (tx *Tx) eachBlocked(query string, act func(actor string) error, count *int) error {
	after := ""
	for {
		var page []string
		err := tx.db.Each(func(scan func(...any) error) error {
			var actor string
			err := scan(&actor)
			page = append(page, actor)
			return err
		}, query, after, pageOfActors)
		if err != nil {
			return fmt.Errorf("read actors: %w", err)
		}
		for _, actor := range page {
			after = actor
			blocked, err := tx.Blocked(actor)
			if err != nil {
				return err
			}
			if !blocked {
				continue
			}
			*count++
			if err := act(actor); err != nil {
				return err
			}
		}
		if len(page) < pageOfActors {
			return nil
		}
	}
}

func (tx *Tx) dropBlockedFollowers(reject func(Follower) (deliveries.Directed, error)) (accounts int, err error) {
	var source, after string
	dropped := map[string]bool{}
	for {
		var page []Follower
		err := tx.db.Each(func(scan func(...any) error) error {
			f, err := scanFollower(scan)
			page = append(page, f)
			return err
		}, `SELECT `+followerColumns+` FROM followers WHERE (source, actor) > ($1, $2) ORDER BY source, actor LIMIT $3`, source, after, pageOfActors)
		if err != nil {
			return 0, fmt.Errorf("read followers: %w", err)
		}
		for _, f := range page {
			source, after = f.Source, f.Actor
			blocked, err := tx.dropIfBlocked(f)
			if err != nil {
				return 0, err
			}
			if !blocked {
				continue
			}
			dropped[f.Actor] = true
			message, err := reject(f)
			if err != nil {
				return 0, err
			}
			if err := tx.ledger.Direct(message); err != nil {
				return 0, err
			}
		}
		if len(page) < pageOfActors {
			return len(dropped), nil
		}
	}
}

// FollowersUnder counts the accounts that would follow no longer by a block.
func (tx *Tx) FollowersUnder(b Block) (int, error) {
	would := blocklist{subjects: map[string]struct{}{b.Subject: {}}}
	ended := map[string]bool{}
	var source, after string
	for {
		rows := 0
		err := tx.db.Each(func(scan func(...any) error) error {
			f, err := scanFollower(scan)
			source, after = f.Source, f.Actor
			rows++
			if would.has(f.Actor, f.Inbox) {
				ended[f.Actor] = true
			}
			return err
		}, `SELECT `+followerColumns+` FROM followers WHERE (source, actor) > ($1, $2) ORDER BY source, actor LIMIT $3`, source, after, pageOfActors)
		if err != nil {
			return 0, fmt.Errorf("count followers: %w", err)
		}
		if rows < pageOfActors {
			return len(ended), nil
		}
	}
}

func (tx *Tx) dropIfBlocked(f Follower) (bool, error) {
	blocked, err := tx.Blocked(f.Actor, f.Inbox)
	if err != nil || !blocked {
		return false, err
	}
	if err := tx.RemoveFollower(f.Source, f.Actor, time.Time{}); err != nil && !errors.Is(err, press.ErrNotFound) {
		return false, err
	}
	if err := tx.ledger.DropMessages(f.Source, f.Actor); err != nil {
		return false, err
	}
	return true, tx.ledger.Cut(f.Destination)
}
