package federation

import (
	"communique/federation/vocab"
	"communique/storage/deliveries"
)

// directed is a message that says an activity, under the id of that, to where to says.
func directed(a vocab.Activity, to deliveries.Directed) (deliveries.Directed, error) {
	body, err := vocab.Marshal(a)
	if err != nil {
		return deliveries.Directed{}, err
	}
	to.ID, to.Body = a.ID, body
	return to, nil
}
