package desk

import (
	"context"
	"time"

	"communique/cmd/internal/mail"
	"communique/storage"
	"communique/storage/alarms"
)

// Mailer hands letters to a mail server: [mail.Server].
type Mailer interface {
	Send(ctx context.Context, l mail.Letter) error
}

const (
	// postEvery is the pause between two looks whether there are letters to be sent.
	postEvery = time.Second
	// lettersInARound bounds how many are sent in one look.
	lettersInARound = 100
	// claimedFor is for how long a letter is one program's to send: longer than that takes.
	claimedFor = 2 * time.Minute
	// settleWithin bounds how long it takes to note what became of a letter, also where the
	// program ends meanwhile: else it would be sent once more.
	settleWithin = 5 * time.Second
	firstRetry   = 30 * time.Second
	lastRetry    = 5 * time.Minute
)

// post sends letters until ctx ends.
func (d *Desk) post(ctx context.Context) {
	d.Store.Tidy(ctx, postEvery, d.sendLetters, func(err error) {
		if err != nil {
			d.Log.Warn("a letter to those on duty could not be sent, will retry", "error", err)
		}
	})
}

// sendLetters sends what is to be sent. It stops at the first that the mail server does not
// take: the others are looked at again in a moment.
func (d *Desk) sendLetters(ctx context.Context) error {
	for range lettersInARound {
		sent, err := d.sendLetter(ctx)
		if err != nil || !sent {
			return err
		}
	}
	return nil
}

// sendLetter sends one letter; sent is false if none is to be sent.
func (d *Desk) sendLetter(ctx context.Context) (sent bool, err error) {
	due := false
	err = d.Store.View(ctx, func(tx *storage.Tx) error {
		due, err = tx.LettersDue()
		return err
	})
	if err != nil || !due {
		return false, err
	}
	var l alarms.Letter
	var about alarms.Alarm
	err = d.Store.Update(ctx, func(tx *storage.Tx) error {
		l, about, due, err = tx.ClaimLetter(claimedFor)
		return err
	})
	if err != nil || !due {
		return false, err
	}
	failed := d.Mailer.Send(ctx, d.letter(l, about))
	fault, next := "", time.Time{}
	if failed != nil {
		fault, next = failed.Error(), d.Store.Now().Add(retryAfter(l.Attempts))
	}
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	err = d.Store.Update(settle, func(tx *storage.Tx) error { return tx.SettleLetter(l, fault, next) })
	if failed != nil {
		return false, failed
	}
	return true, err
}

// retryAfter is how long after an attempt, from the first on, the next one is made.
func retryAfter(attempts int) time.Duration {
	wait := firstRetry
	for range attempts - 1 {
		wait = min(2*wait, lastRetry)
	}
	return wait
}

// postTrouble is that letters could not be sent.
type postTrouble struct {
	Letters string
	Since   instant
	Next    instant
	Fault   string
}

// mostUnsent is how many letters are counted that could not be sent.
const mostUnsent = 100

// postTrouble tells whether letters could not be sent, and wait to be tried again.
func (d *Desk) postTrouble(ctx context.Context) (trouble *postTrouble, err error) {
	var unsent []alarms.Letter
	err = d.Store.View(ctx, func(tx *storage.Tx) error {
		unsent, err = tx.Unsent(mostUnsent)
		return err
	})
	if err != nil || len(unsent) == 0 {
		return nil, err
	}
	next := unsent[0].Next
	for _, l := range unsent {
		if l.Next.Before(next) {
			next = l.Next
		}
	}
	letters := map[bool]string{true: "A letter", false: "Letters"}[len(unsent) == 1]
	return &postTrouble{Letters: letters, Since: d.instant(ctx, unsent[0].Made), Next: d.instant(ctx, next), Fault: unsent[0].Fault}, nil
}
