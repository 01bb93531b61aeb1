package feeds

import (
	"communique/feeds/site"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// maxReplies is how many replies an article's page shows at most.
const maxReplies = 100

// readReactions reads the reactions of the fediverse that an article's page shows.
func (s *Server) readReactions(tx *storage.Tx, id press.ArticleID) (site.Reactions, error) {
	r, err := tx.Reactions(id)
	shown := site.Reactions{Likes: r.Likes, Shares: r.Shares, Quotes: r.Quotes}
	if err != nil || r.Replies == 0 || s.id.HideReplies {
		return shown, err
	}
	replies, err := tx.ApprovedReplies(id, audience.Reply{}, maxReplies)
	shown.ReplyCount = r.Replies
	for _, reply := range replies {
		shown.Replies = append(shown.Replies, site.Reply{
			Name: reply.Name, Handle: reply.Handle, AuthorURL: reply.AuthorURL, URL: reply.URL,
			Content: reply.Content, Language: reply.Language, At: reply.Published,
		})
	}
	return shown, err
}

// withReactions adds the reactions to an article to the version of its page: likes
// and replies are not entries of the log, since they are sent to nobody, so the
// log's version does not cover them.
func withReactions(tx *storage.Tx, id press.ArticleID, v version) (version, error) {
	r, err := tx.Reactions(id)
	v.reactions = r.Version
	if r.At.After(v.at) {
		v.at = r.At
	}
	return v, err
}
