package command

import (
	"context"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// withdrawalProposal says whether a withdrawal is handed in for review, and for when.
type withdrawalProposal struct {
	propose bool
	at      string
}

func (p withdrawalProposal) meant() bool { return p.propose || p.at != "" }

// proposeWithdrawal hands in what withdraw would withdraw.
func (a *app) proposeWithdrawal(ctx context.Context, in *installation, desk newsroom.Desk, id press.ArticleID, reason string, p withdrawalProposal) error {
	how := manuscripts.How{Reason: reason}
	if reason == "" {
		return errNoReason
	}
	if p.at != "" {
		var err error
		if how.At, how.Local, err = desk.Instant(p.at); err != nil {
			return usagef("--at: %w", err)
		}
	}
	m, err := desk.Propose(ctx, newsroom.Proposal{Kind: manuscripts.Withdrawal, Article: id, How: how}, nil)
	if err != nil {
		return withPersonHint(err)
	}
	return a.printProposed(in, m)
}
