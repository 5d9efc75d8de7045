// The locale operator: the languages of the panel (operators-services §14).

package plesksim

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	localeapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/locale"
)

// language has its id, such as en-US, as its only key.
type language struct {
	ID, Name, Country string
	Enabled           bool
}

// languageState holds the languages of the panel.
type languageState struct{ Languages []language }

// factoryLanguages are those of a fresh server.
var factoryLanguages = []language{
	{"en-US", "English", "United States", true}, {"de-DE", "German", "Germany", true}, {"es-ES", "Spanish", "Spain", true},
	{"fr-FR", "French", "France", true}, {"it-IT", "Italian", "Italy", true}, {"ja-JP", "Japanese", "Japan", true},
	{"nl-NL", "Dutch", "Netherlands", true}, {"pt-BR", "Portuguese", "Brazil", true}, {"ru-RU", "Russian", "Russian Federation", true},
	{"zh-CN", "Chinese", "China", true},
}

// englishLanguage cannot be disabled.
const englishLanguage = "en-US"

func (s *state) seedLanguages() { s.Languages = slices.Clone(factoryLanguages) }

func languageOperations() []operation {
	return []operation{
		many("locale/get", administrator, localeGet),
		many("locale/get-message", administrator, localeGetMessage),
		many("locale/enable", administrator, localeEnable),
		many("locale/disable", administrator, localeDisable),
	}
}

func languageMissing(id string) *refusal {
	return refuse(xmlapi.CodeNotFound, "Locale %s does not exist.", id)
}

func (s *state) language(id string) *language {
	i := slices.IndexFunc(s.Languages, func(l language) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Languages[i]
}

// eachLanguage answers one result per language that a filter selects.
func (c *call) eachLanguage(f selector, act func(*language) (localeapi.GetResult, error)) []localeapi.GetResult {
	values := f.Values()
	if len(values) == 0 {
		for _, l := range c.Languages {
			values = append(values, l.ID)
		}
	}
	var results []localeapi.GetResult
	for _, id := range values {
		var res localeapi.GetResult
		var err error = languageMissing(id)
		if l := c.language(id); l != nil {
			if res, err = act(l); err == nil {
				res.ID = l.ID
			}
		}
		if err != nil {
			res.Result.Result = c.failure(err)
		}
		res.FilterID = id
		results = append(results, res)
	}
	return results
}

func localeGet(c *call, req xmlapi.QueryRequest) ([]localeapi.GetResult, error) {
	used := map[string]int{}
	for _, a := range c.Accounts.All() {
		used[a.Locale]++
	}
	return c.eachLanguage(req.Filter, func(l *language) (localeapi.GetResult, error) {
		return localeapi.GetResult{Info: &localeapi.Info{ID: l.ID, Language: l.Name, Country: l.Country, Used: used[l.ID], Enabled: l.Enabled}}, nil
	}), nil
}

func localeEnable(c *call, req xmlapi.FilterRequest) ([]localeapi.Result, error) {
	return c.switchLanguages(req.Filter, true), nil
}

func localeDisable(c *call, req xmlapi.FilterRequest) ([]localeapi.Result, error) {
	return c.switchLanguages(req.Filter, false), nil
}

// switchLanguages refuses to switch off the language that the panel falls back to.
func (c *call) switchLanguages(f selector, on bool) []localeapi.Result {
	var results []localeapi.Result
	for _, res := range c.eachLanguage(f, func(l *language) (localeapi.GetResult, error) {
		if !on && (l.ID == c.Machine.Locale || l.ID == englishLanguage) {
			return localeapi.GetResult{}, refuse(xmlapi.CodeFailed, "The default locale %s cannot be disabled.", l.ID)
		}
		l.Enabled = on
		return localeapi.GetResult{}, nil
	}) {
		results = append(results, res.Result)
	}
	return results
}

// messagePrefixes are those of the labels that descriptors name (protocol-core §7.2).
var messagePrefixes = []struct {
	prefix string
	known  func(name string) bool
}{
	{"limit__", knownResellerLimit}, {"cl_perm__", knownResellerPermission}, {"hosting__", func(name string) bool { return property(name) != nil }},
	{"pd_location__", func(name string) bool { return new(location).field(name) != nil }},
}

// localeGetMessage answers the labels of descriptors, in English: there are no translations here, and real servers answer untranslated
// messages in English too.
func localeGetMessage(c *call, req localeapi.GetMessageRequest) ([]localeapi.GetMessageResult, error) {
	if c.language(req.ID) == nil {
		return nil, languageMissing(req.ID)
	}
	var results []localeapi.GetMessageResult
	for _, key := range req.Filter.Values() {
		var res localeapi.GetMessageResult
		if message, ok := messageOf(key); ok {
			res.ID, res.Message = req.ID, &message
		} else {
			res.Result.Result = c.failure(refuse(xmlapi.CodeNotFound, "Message %s does not exist.", key))
		}
		res.FilterID = key
		results = append(results, res)
	}
	return results, nil
}

// messageOf makes a message out of the name that its key ends in.
func messageOf(key string) (string, bool) {
	for _, p := range messagePrefixes {
		name, ok := strings.CutPrefix(key, p.prefix)
		if ok && p.known(name) {
			words := strings.NewReplacer("_", " ", "-", " ").Replace(name)
			return strings.ToUpper(words[:1]) + words[1:], true
		}
	}
	return "", false
}
