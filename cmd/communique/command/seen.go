package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// seenFile is a file of the installation that says how far the log was seen, where the
// database is on a server: that one may come back as it was once.
const seenFile = "log.seen"

// forgetSeen forgets how far the log of another database was seen.
func forgetSeen(data string) error {
	if err := os.Remove(filepath.Join(data, seenFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget another database: %w", err)
	}
	return nil
}

// seenEvery is how often a server notes it.
const seenEvery = time.Second

// remember tells the store how far the log was seen by those who had it open before.
func (in *installation) remember(ctx context.Context) error {
	if in.config.Server == "" {
		return nil
	}
	seen, err := in.noted()
	if err == nil {
		err = in.store.Remember(ctx, seen)
	}
	return err
}

func (in *installation) noted() (seen storage.Seen, err error) {
	name := filepath.Join(in.config.Data, seenFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return seen, nil
	}
	if err != nil {
		return seen, err
	}
	number, at, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	if _, err = fmt.Sscan(number, &seen.Seq); err == nil && at != "" {
		seen.At, err = time.Parse(time.RFC3339Nano, at)
	}
	if err != nil {
		return seen, fmt.Errorf("%s: it does not say how far the log was seen: %w; remove it if the database is as it should be", name, err)
	}
	return seen, nil
}

// note notes how far the log was seen, unless others have seen more.
func (in *installation) note() error {
	seen := in.store.Seen()
	if in.config.Server == "" || seen.Seq == 0 || in.looked {
		return nil // who only looks has not compared it with what was noted
	}
	before, err := in.noted()
	if err != nil || seen.Seq <= before.Seq {
		return err
	}
	file, err := os.CreateTemp(in.config.Data, seenFile+".*")
	if err != nil {
		return err
	}
	text := fmt.Sprint(seen.Seq)
	if !seen.At.IsZero() {
		text += " " + seen.At.Format(time.RFC3339Nano)
	}
	_, err = fmt.Fprintln(file, text)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), filepath.Join(in.config.Data, seenFile))
	}
	if err != nil {
		err = errors.Join(err, os.Remove(file.Name()))
	}
	return err
}

// keepNoted notes it from time to time until ctx ends, and leaves no copy from before an upgrade
// of what is to be nowhere any more.
func (in *installation) keepNoted(ctx context.Context, log *slog.Logger) {
	var last press.Seq
	storage.Every(ctx, seenEvery, func(ctx context.Context) error {
		if err := in.removeVoid(ctx); err != nil && !errors.Is(err, press.ErrAway) {
			log.Warn("a copy of the database from before an upgrade may have what was deleted since", "error", err)
		}
		if in.store.Seen().Seq == last {
			return nil
		}
		last = in.store.Seen().Seq
		return in.note()
	}, func(err error) {
		if err != nil {
			log.Warn("it cannot be noted how far the log was seen", "error", err)
		}
	})
}

// logLacks says that the log does not go as far as it was seen by those who had it open
// before, if that is so and has not been heeded yet.
func (in *installation) logLacks(ctx context.Context) (string, error) {
	if in.config.Server == "" {
		return "", nil
	}
	seen, err := in.noted()
	if err != nil || seen.Seq == 0 {
		return "", err
	}
	lacks := false
	err = in.store.View(ctx, func(tx *storage.Tx) (err error) {
		lacks, err = tx.Lacks(seen.Seq, seen.At)
		return err
	})
	if err != nil || !lacks {
		return "", err
	}
	return fmt.Sprintf("the database lacks the last of what was published, up to number %d of %s: the next command that changes something, or the server, holds embargoes until communique clock confirm", seen.Seq, in.second(seen.At)), nil
}
