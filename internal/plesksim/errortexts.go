// Error texts in the language of the panel. Codes and shapes are the same in all languages, and what has no translation is English.

package plesksim

import "fmt"

// germanTexts are the translations, by the formats of the refusals. They take the same values; where the order differs,
// their verbs have indexes.
var germanTexts = []map[string]string{germanCore, germanHosting, germanServices, germanPanel, germanAccess}

// check refuses a language that has no texts.
func (l Locale) check() error {
	switch l {
	case "", English, German:
		return nil
	}
	return fmt.Errorf("plesksim: no error texts in the language %q", string(l))
}

// translate returns a format in this language, or as it is.
func (l Locale) translate(format string) string {
	if l != German {
		return format
	}
	for _, texts := range germanTexts {
		if german, ok := texts[format]; ok {
			return german
		}
	}
	return format
}
