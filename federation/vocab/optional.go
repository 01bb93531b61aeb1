package vocab

import "encoding/json"

// optional is a text that nothing depends on: if it is no string, it is passed over
// (SECURITY A15).
type optional string

// UnmarshalJSON implements [json.Unmarshaler].
func (o *optional) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*o = optional(text)
	}
	return nil
}
