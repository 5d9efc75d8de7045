// Licence operations. They talk to the vendor's licence service; nothing here should run unattended.

package server

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The licence operations.
var (
	LicenceInstall      = xmlapi.Write[LicenceInstallRequest, LicenceKeyResult]("server", "lic_install")
	LicenceUpdate       = xmlapi.Write[LicenceUpdateRequest, LicenceUpdateResult]("server", "lic_update")
	LicenceGetInfo      = xmlapi.Read[LicenceGetInfoRequest, LicenceInfoResult]("server", "lic_get_info")
	LicenceRollbackKey  = xmlapi.Write[xmlapi.EmptyRequest, LicenceKeyResult]("server", "license-rollback-key")
	LicenceRetrieveKeys = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("server", "license-retrieve-keys")

	GetAdditionalKey    = xmlapi.Read[AdditionalKeyRequest, AdditionalKeyResult]("server", "get_additional_key")
	RenewAdditionalKey  = xmlapi.Write[AdditionalKeyRequest, RenewAdditionalKeyResult]("server", "renew_additional_key")
	RemoveAdditionalKey = xmlapi.Write[xmlapi.FilterRequest, xmlapi.Result]("server", "remove_additional_key")
)

// ByKeyName selects additional keys by name.
func ByKeyName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// LicenceInstallRequest installs a licence key from its file (base64) or by its activation code.
type LicenceInstallRequest struct {
	License        *xmlapi.Secret `xml:"license" choice:"key,required"`
	ActivationCode *xmlapi.Secret `xml:"activation-code" choice:"key,required"`
	Additional     *xmlapi.Empty  `xml:"additional_key"`
	InstanceID     *string        `xml:"instance-id"`
}

// LicenceKeyResult names the key that is installed now.
type LicenceKeyResult struct {
	xmlapi.Result
	KeyID string `xml:"key-id,omitempty"`
}

// LicenceUpdateRequest renews one licence key.
type LicenceUpdateRequest struct {
	Filter     LicenceUpdateFilter `xml:"filter"`
	InstanceID *string             `xml:"instance-id"`
}

// LicenceUpdateFilter names one licence key.
type LicenceUpdateFilter struct {
	KeyID string `xml:"key-id"`
}

// LicenceUpdateResult is an outcome; the operation's element holds its status directly.
type LicenceUpdateResult struct {
	xmlapi.Unwrapped
}

// LicenceGetInfoRequest asks what a licence file (base64) contains.
type LicenceGetInfoRequest struct {
	License xmlapi.Secret `xml:"license"`
}

// LicenceInfoResult is a licence key; the operation's element holds it directly.
type LicenceInfoResult struct {
	xmlapi.Unwrapped
	Properties []KeyProperty `xml:"property"`
	Content    xmlapi.Secret `xml:"content,omitempty"` // base64
	Additional *bool         `xml:"additional-key"`
}

// AdditionalKeyRequest selects additional keys, all without a filter.
type AdditionalKeyRequest struct {
	Filter *xmlapi.Query `xml:"filter"`
}

// AdditionalKeyResult is one additional key.
type AdditionalKeyResult struct {
	xmlapi.Result
	Name *string        `xml:"name"`
	Info *AdditionalKey `xml:"key_info"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r AdditionalKeyResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Info == nil && r.Name == nil
}

// AdditionalKey is the licence key of a component or an extension.
type AdditionalKey struct {
	Number     string        `xml:"number"`
	Name       string        `xml:"name"`
	Active     bool          `xml:"active"`
	UpdateDate *int64        `xml:"license_update_date"`
	ExpiryDate *int64        `xml:"lim_date"`
	Content    xmlapi.Secret `xml:"content"` // base64
	Properties []KeyProperty `xml:"property"`
}

// RenewAdditionalKeyResult is the outcome for one additional key.
type RenewAdditionalKeyResult struct {
	xmlapi.Result
	Name *string `xml:"name"`
}
