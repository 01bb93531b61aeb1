package federation

import (
	"net/http"

	"communique/federation/vocab"
	"communique/storage"
)

func (s *Server) nodeInfoIndex(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	body, err := vocab.NewNodeInfoIndex(s.Site.Base+"/nodeinfo/2.1", s.Site.Actor(InstanceName)).Marshal()
	if err != nil {
		return err
	}
	return writeBody(w, r, http.StatusOK, "application/json", body)
}

// nodeInfo answers what software this is (NodeInfo 2.1).
func (s *Server) nodeInfo(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	articles, err := s.totalOf(r.Context(), "published", (*storage.Tx).CountPublished)
	if err != nil {
		return err
	}
	actors := len(s.followable())
	body, err := vocab.NodeInfo{
		Software: vocab.Software{Name: "communique", Version: s.Version},
		Services: vocab.Services{Outbound: vocab.Items{"atom1.0", "rss2.0"}},
		Usage: vocab.Usage{
			Users:      vocab.Users{Total: actors, ActiveMonth: actors, ActiveHalfyear: actors},
			LocalPosts: articles,
		},
		Metadata: vocab.Metadata{NodeName: s.Author.DisplayName, NodeDescription: s.Author.Summary},
	}.Marshal()
	if err != nil {
		return err
	}
	return writeBody(w, r, http.StatusOK, vocab.MediaTypeNodeInfo, body)
}
