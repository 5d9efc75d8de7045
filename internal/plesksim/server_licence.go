// The server operator: licence keys (operators-accounts-server §13.3). The simulator is the vendor of its own licence files, which
// are the text "simulated licence NUMBER" for the server's key and "simulated licence NUMBER NAME" for an additional one. What
// needs the vendor's licence service (activation codes, renewal, retrieval, trial keys) fails as on a server that cannot
// reach it.

package plesksim

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// licences are the licence keys beside the server's own.
type licences struct {
	Previous   string          `json:",omitempty"` // the server's key before the last installation
	Additional []additionalKey `json:",omitempty"`
}

// additionalKey is the licence key of a component or an extension.
type additionalKey struct {
	Number, Name string
	Installed    int64 // when, in UNIX time
}

// licenceService is what the operations need that end in vendorUnreachable.
const licenceService = "needs the vendor's licence service"

func vendorUnreachable() *refusal {
	return refuse(xmlapi.CodeFailed, "Unable to connect to the licensing server.")
}

const licenceWords = "simulated licence "

// licenceFile is the content of a licence file.
func licenceFile(number, name string) xmlapi.Secret {
	words := strings.TrimSpace(licenceWords + number + " " + name)
	return xmlapi.Secret(base64.StdEncoding.EncodeToString([]byte(words)))
}

// readLicence returns the number and, of an additional key, the name.
func readLicence(file xmlapi.Secret) (number, name string, err error) {
	content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(file.Reveal()), ""))
	words, ours := strings.CutPrefix(strings.TrimSpace(string(content)), licenceWords)
	number, name, _ = strings.Cut(words, " ")
	if err != nil || !ours || number == "" {
		return "", "", refuse(xmlapi.CodeInvalidValue, "The licence key is invalid.")
	}
	return number, name, nil
}

func licenceInstall(c *call, req server.LicenceInstallRequest) (server.LicenceKeyResult, error) {
	if req.License == nil {
		return server.LicenceKeyResult{}, vendorUnreachable() // it exchanges activation codes for keys
	}
	number, name, err := readLicence(*req.License)
	switch {
	case err != nil:
		return server.LicenceKeyResult{}, err
	case (name != "") != (req.Additional != nil):
		return server.LicenceKeyResult{}, refuse(xmlapi.CodeInvalidValue, "The licence key is of another kind.")
	case name != "":
		c.Licence.Additional = slices.DeleteFunc(c.Licence.Additional, func(k additionalKey) bool { return k.Name == name })
		c.Licence.Additional = append(c.Licence.Additional, additionalKey{Number: number, Name: name, Installed: c.now.Unix()})
	default:
		c.Licence.Previous, c.Machine.KeyID = c.Machine.KeyID, number
	}
	c.event("license", "updated", number)
	return server.LicenceKeyResult{KeyID: number}, nil
}

func licenceUpdate(c *call, req server.LicenceUpdateRequest) (server.LicenceUpdateResult, error) {
	number := req.Filter.KeyID
	if number != c.Machine.KeyID && !slices.ContainsFunc(c.Licence.Additional, func(k additionalKey) bool { return k.Number == number }) {
		return server.LicenceUpdateResult{}, refuse(xmlapi.CodeNotFound, "The licence key %s does not exist.", number)
	}
	return server.LicenceUpdateResult{}, vendorUnreachable() // it renews keys
}

func licenceGetInfo(c *call, req server.LicenceGetInfoRequest) (server.LicenceInfoResult, error) {
	number, name, err := readLicence(req.License)
	if err != nil {
		return server.LicenceInfoResult{}, err
	}
	if name != "" {
		k := additionalKey{Number: number, Name: name}
		return server.LicenceInfoResult{Properties: k.properties(), Content: licenceFile(number, name), Additional: new(true)}, nil
	}
	return server.LicenceInfoResult{Properties: c.keyProperties(number), Content: licenceFile(number, ""), Additional: new(false)}, nil
}

func licenceRollbackKey(c *call, _ xmlapi.EmptyRequest) (server.LicenceKeyResult, error) {
	if c.Licence.Previous == "" {
		return server.LicenceKeyResult{}, refuse(xmlapi.CodeNotFound, "There is no previous licence key.")
	}
	c.Machine.KeyID, c.Licence.Previous = c.Licence.Previous, ""
	c.event("license", "updated", c.Machine.KeyID)
	return server.LicenceKeyResult{KeyID: c.Machine.KeyID}, nil
}

// licenceRetrieveKeys fails: the vendor's service knows which keys were bought.
func licenceRetrieveKeys(*call, xmlapi.EmptyRequest) (xmlapi.Result, error) {
	return xmlapi.Result{}, vendorUnreachable()
}

// additionalKeys answers for each key that the filter names, in its order, or for all.
func (c *call) additionalKeys(names []string, act func(additionalKey) server.AdditionalKeyResult) []server.AdditionalKeyResult {
	var results []server.AdditionalKeyResult
	if len(names) == 0 {
		for _, k := range c.Licence.Additional {
			results = append(results, act(k))
		}
		return results
	}
	for _, name := range names {
		at := slices.IndexFunc(c.Licence.Additional, func(k additionalKey) bool { return k.Name == name })
		if at < 0 {
			results = append(results, server.AdditionalKeyResult{Result: c.failure(noAdditionalKey(name)), Name: new(name)})
			continue
		}
		results = append(results, act(c.Licence.Additional[at]))
	}
	return results
}

func noAdditionalKey(name string) *refusal {
	return refuse(xmlapi.CodeNotFound, "The additional licence key %s does not exist.", name)
}

func licenceGetAdditionalKey(c *call, req server.AdditionalKeyRequest) ([]server.AdditionalKeyResult, error) {
	return c.additionalKeys(keyNames(req.Filter), func(k additionalKey) server.AdditionalKeyResult {
		return server.AdditionalKeyResult{Name: new(k.Name), Info: &server.AdditionalKey{
			Number: k.Number, Name: k.Name, Active: true, UpdateDate: new(k.Installed), Content: licenceFile(k.Number, k.Name), Properties: k.properties(),
		}}
	}), nil
}

// licenceRenewAdditionalKey fails for every key that there is: the vendor's service renews them.
func licenceRenewAdditionalKey(c *call, req server.AdditionalKeyRequest) ([]server.RenewAdditionalKeyResult, error) {
	var results []server.RenewAdditionalKeyResult
	for _, r := range c.additionalKeys(keyNames(req.Filter), func(k additionalKey) server.AdditionalKeyResult {
		return server.AdditionalKeyResult{Result: c.failure(vendorUnreachable()), Name: new(k.Name)}
	}) {
		results = append(results, server.RenewAdditionalKeyResult{Result: r.Result, Name: r.Name})
	}
	return results, nil
}

func keyNames(q *xmlapi.Query) []string {
	if q == nil {
		return nil
	}
	return q.Values()
}

// licenceRemoveAdditionalKey removes all that the filter names, or nothing; without names it removes all.
func licenceRemoveAdditionalKey(c *call, req xmlapi.FilterRequest) (xmlapi.Result, error) {
	names := req.Filter.Values()
	for _, r := range c.additionalKeys(names, func(additionalKey) server.AdditionalKeyResult { return server.AdditionalKeyResult{} }) {
		if r.Status == xmlapi.StatusError {
			return r.Result, nil
		}
	}
	c.Licence.Additional = slices.DeleteFunc(c.Licence.Additional, func(k additionalKey) bool {
		gone := len(names) == 0 || slices.Contains(names, k.Name)
		if gone {
			c.event("license", "deleted", k.Number)
		}
		return gone
	})
	return xmlapi.Result{}, nil
}

// licenceKeys answers the keys that server/get's filter names; without one, the server's own.
func (c *call) licenceKeys(f *server.KeyFilter) []server.Key {
	if f == nil {
		f = &server.KeyFilter{}
	}
	all := f.All != nil
	main := all || f.Main != nil || f.AllAdditional == nil && len(f.Names) == 0 && len(f.KeyIDs) == 0
	var keys []server.Key
	if main || slices.Contains(f.KeyIDs, c.Machine.KeyID) {
		keys = append(keys, server.Key{
			Properties: c.keyProperties(c.Machine.KeyID), Content: licenceFile(c.Machine.KeyID, ""), Additional: new(false),
		})
	}
	for _, k := range c.Licence.Additional {
		if all || f.AllAdditional != nil || slices.Contains(f.KeyIDs, k.Number) || slices.Contains(f.Names, k.Name) {
			keys = append(keys, server.Key{Properties: k.properties(), Content: licenceFile(k.Number, k.Name), Additional: new(true)})
		}
	}
	return keys
}

// keyProperties is what a key of the server's kind permits.
func (c *call) keyProperties(number string) []server.KeyProperty {
	return []server.KeyProperty{
		{Name: "plesk_key_id", Value: number}, {Name: "lim_date", Value: "-1"},
		{Name: "lim_cl", Value: strconv.Itoa(c.Machine.MaxCustomers)}, {Name: "lim_dom", Value: strconv.Itoa(c.Machine.MaxDomains)},
		{Name: "can-manage-customers", Value: "1"}, {Name: "can-manage-resellers", Value: "1"},
	}
}

func (k additionalKey) properties() []server.KeyProperty {
	return []server.KeyProperty{{Name: "plesk_key_id", Value: k.Number}, {Name: "name", Value: k.Name}, {Name: "lim_date", Value: "-1"}}
}
