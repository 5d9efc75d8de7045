// cform_buttons_list: the links of the panel's page of a subscription or site.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// pageLink is a link that the panel itself has. It is enabled when the subscription has web hosting, or needs none.
type pageLink struct {
	code, name, path string
	needsHosting     bool
}

var pageLinks = []pageLink{
	{"hosting-settings", "Hosting Settings", "/smb/web/settings/id/", false},
	{"dns-settings", "DNS Settings", "/smb/dns-zone/records-list/id/", false},
	{"mail-settings", "Mail Settings", "/smb/mail-settings/edit/id/", false},
	{"file-manager", "File Manager", "/smb/file-manager/list/domainId/", true},
	{"web-statistics", "Web Statistics", "/smb/statistics/list/domainId/", true},
}

func webspaceButtonsList(c *call, req xmlapi.QueryRequest) ([]hosting.ButtonsListResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (hosting.ButtonsListResult, error) {
		return hosting.ButtonsListResult{Buttons: buttonsOf(c.mainSiteOf(w))}, nil
	})
}

// buttonsOf are the links of a site's page.
func buttonsOf(d *site) []hosting.Button {
	var buttons []hosting.Button
	for _, l := range pageLinks {
		buttons = append(buttons, hosting.Button{
			Code: l.code, Type: "button", Name: l.name, NameID: l.code, GroupName: "Websites & Domains", GroupNameID: "websites-domains",
			Href: l.path + idKey(d.ID), Enabled: d.hostingType() == hosting.Virtual || !l.needsHosting, NewWindow: new(false),
		})
	}
	return buttons
}
