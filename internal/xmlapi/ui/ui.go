// Package ui holds the operations of the `ui` operator: custom buttons, the panel's navigation, branding themes.
// Callers: administrator. A button cannot be changed, only deleted and created again. Source: operators-accounts-server §14, operators-services §17.
package ui

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	CreateCustomButton = xmlapi.Write[CreateCustomButtonRequest, CustomButtonIDResult]("ui", "create-custombutton")
	GetCustomButton    = xmlapi.Read[GetCustomButtonRequest, CustomButtonResult]("ui", "get-custombutton")
	DeleteCustomButton = xmlapi.Write[DeleteCustomButtonRequest, CustomButtonIDResult]("ui", "delete-custombutton")

	GetNavigation = xmlapi.Read[xmlapi.EmptyRequest, GetNavigationResult]("ui", "get-navigation")

	BrandingThemeInstall   = xmlapi.Write[BrandingThemeInstallRequest, xmlapi.FilterResult]("ui", "branding-theme-install")
	BrandingThemeUninstall = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("ui", "branding-theme-uninstall")
)

// ByVendorLogin selects the administrator or resellers, for their branding themes.
func ByVendorLogin(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("vendor-login", first, more...)
}

// Owner is whose custom button it is: exactly one of them.
type Owner struct {
	Admin      *xmlapi.Empty `xml:"admin" choice:"owner,required"`
	CustomerID *int64        `xml:"customer-id" choice:"owner,required"`
	ResellerID *int64        `xml:"reseller-id" choice:"owner,required"`
}

// The places of a custom button.
const (
	PlaceClient           = "client"
	PlaceDomain           = "domain"
	PlaceNavigation       = "navigation"
	PlaceAdmin            = "admin"
	PlaceAdminSettings    = "admin-settings"
	PlaceReseller         = "reseller"
	PlaceResellerSettings = "reseller-settings"
	PlaceDomainProperties = "domain-properties"
)

// CustomButtonProperties describe a custom button.
type CustomButtonProperties struct {
	SortKey  *int    `xml:"sort_key"`
	Help     *string `xml:"conhelp"`  // the text that is shown above the button
	File     *string `xml:"file"`     // the picture, a file on the server
	Public   *bool   `xml:"public"`   // those below the owner see the button too
	Internal *bool   `xml:"internal"` // the URL opens inside the panel
	NoFrame  *bool   `xml:"noframe"`
	Place    string  `xml:"place"`
	URL      string  `xml:"url"` // 255 characters at most
	Text     string  `xml:"text"`
}

// URLComponents say what the panel appends to the URL of a custom button.
type URLComponents struct {
	DomainID    *xmlapi.Empty `xml:"dom_id"`
	DomainName  *xmlapi.Empty `xml:"dom_name"`
	FTPUser     *xmlapi.Empty `xml:"ftp_user"`
	FTPPassword *xmlapi.Empty `xml:"ftp_pass"`
	ClientID    *xmlapi.Empty `xml:"cl_id"`
	CompanyName *xmlapi.Empty `xml:"cname"`
	ContactName *xmlapi.Empty `xml:"pname"`
	Email       *xmlapi.Empty `xml:"email"`
}

// CreateCustomButtonRequest creates a custom button.
type CreateCustomButtonRequest struct {
	Owner         Owner                  `xml:"owner"`
	Properties    CustomButtonProperties `xml:"properties"`
	URLComponents *URLComponents         `xml:"url-components"`
}

// CustomButtonFilter names custom buttons, by their ids or by their owners.
type CustomButtonFilter struct {
	IDs    []int64 `xml:"custombutton-id" choice:"by,required"`
	Owners []Owner `xml:"owner" choice:"by,required"`
}

// GetCustomButtonRequest asks for custom buttons.
type GetCustomButtonRequest struct {
	Filter CustomButtonFilter `xml:"filter"`
}

// DeleteCustomButtonRequest deletes custom buttons.
type DeleteCustomButtonRequest struct {
	Filter CustomButtonFilter `xml:"filter"`
}

// CustomButtonIDResult is the outcome for one custom button.
type CustomButtonIDResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r CustomButtonIDResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.ID == 0 }

// CustomButtonResult is one custom button.
type CustomButtonResult struct {
	xmlapi.Result
	*CustomButton
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r CustomButtonResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.CustomButton == nil }

// CustomButton is a link that somebody added to the panel.
type CustomButton struct {
	ID            int64                  `xml:"id"`
	Owner         Owner                  `xml:"owner"`
	Properties    CustomButtonProperties `xml:"properties"`
	URLComponents URLComponents          `xml:"url-components"`
}

// GetNavigationResult holds the panel's navigation.
type GetNavigationResult struct {
	xmlapi.Result
	Navigation string `xml:"navigation,omitempty"` // base64 of an array as PHP's serialize writes it
}

// BrandingThemeInstallRequest gives the panel of the selected vendors' users a theme.
type BrandingThemeInstallRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Path   string        `xml:"path"` // of the theme's archive, on the server
}
