// Package extension holds the operations of the `extension` operator: extensions of the panel, and calls of what they offer
// themselves. Callers: administrator; call: those whom the extension admits. Source: operators-services §15.
package extension

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Install   = xmlapi.Write[InstallRequest, xmlapi.Result]("extension", "install")
	Uninstall = xmlapi.Write[UninstallRequest, xmlapi.Result]("extension", "uninstall")
	Get       = xmlapi.Read[GetRequest, GetResult]("extension", "get")
	Call      = xmlapi.Write[CallRequest, CallResult]("extension", "call")
)

// ByID selects one extension by its id such as git.
func ByID(id string) xmlapi.Filter { return xmlapi.By("id", id) }

// InstallRequest installs an extension from the vendor's catalogue or from an archive, or upgrades one that is there. It may take
// minutes.
type InstallRequest struct {
	URL *string `xml:"url" choice:"source,required"` // 255 characters at most
	ID  *string `xml:"id" choice:"source,required"`
}

// UninstallRequest removes an extension with its data.
type UninstallRequest struct {
	ID string `xml:"id"`
}

// GetRequest asks for one extension, or without a filter for all.
type GetRequest struct {
	Filter *xmlapi.Query `xml:"filter"`
}

// GetResult lists extensions: one result for all of them.
type GetResult struct {
	xmlapi.FilterResult
	Details []Details `xml:"details"`
}

// Empty reports whether the result is the server's way to say that there are none.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && len(r.Details) == 0 }

// Details describes an extension.
type Details struct {
	ID      *string `xml:"id"`
	Name    *string `xml:"name"`
	Version *string `xml:"version"`
	Release *string `xml:"release"`
	Active  *bool   `xml:"active"`
}

// CallRequest calls an extension: the first element names it and holds the call in the extension's own terms.
type CallRequest struct {
	Elements []Element `xml:",any"`
}

// CallResult holds the extension's answer, an element of its name.
type CallResult struct {
	xmlapi.FilterResult
	Elements []Element `xml:",any"`
}
