package feeds

import "communique/storage/press"

// withdrawal is what takes the place of a withdrawn article in feeds. Few readers know
// tombstones: the others keep what they have until an item with the same id says
// something else. It repeats nothing of the article, not even its title.
//
// RFC 6721 §3: an entry that is newer than its tombstone would revive the article, so
// it has the tombstone's date.
func (s *Server) withdrawal(p place, a press.Article) Item {
	notice := s.site.Withdrawal(a)
	i := Item{
		// Without the slug, which would say the title that was taken back.
		ID: s.id.Site.ArticleTag(a.ID), Link: s.id.Site.ArticleByID(a.Language, a.ID, ""),
		Title: notice.Title, Summary: notice.Text, Content: notice.Content,
		Published: a.Published, Updated: a.WithdrawnAt,
	}
	if a.Language != p.lang {
		i.Language = a.Language
	}
	return i
}
