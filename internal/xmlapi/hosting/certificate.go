// Where certificates are kept.

package hosting

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// Repository names one place where certificates are kept: a subscription or a site by its name, or the server itself.
type Repository struct {
	Webspace *string       `xml:"webspace" choice:"repository,required"`
	Site     *string       `xml:"site" choice:"repository,required"`
	Admin    *xmlapi.Empty `xml:"admin" choice:"repository,required"`
}

// OfWebspace is the repository of the subscription with the name.
func OfWebspace(name string) Repository { return Repository{Webspace: &name} }

// OfSite is the repository of the site with the name.
func OfSite(name string) Repository { return Repository{Site: &name} }

// OfServer is the repository of the server.
func OfServer() Repository { return Repository{Admin: &xmlapi.Empty{}} }
