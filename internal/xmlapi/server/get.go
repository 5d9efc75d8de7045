// Reading the server: what it is, what it runs, what it holds.

package server

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// GetRequest chooses the blocks that Get answers.
type GetRequest struct {
	Key                 *KeyQuery     `xml:"key"`
	GenInfo             *xmlapi.Empty `xml:"gen_info"`
	Components          *xmlapi.Empty `xml:"components"`
	Stat                *xmlapi.Empty `xml:"stat"`
	Admin               *xmlapi.Empty `xml:"admin"`
	Interfaces          *xmlapi.Empty `xml:"interfaces"`
	ServicesState       *xmlapi.Empty `xml:"services_state"`
	Preferences         *xmlapi.Empty `xml:"prefs"`
	Shells              *xmlapi.Empty `xml:"shells"`
	SessionSetup        *xmlapi.Empty `xml:"session_setup"`
	SiteIsolationConfig *xmlapi.Empty `xml:"site-isolation-config"`
	Updates             *xmlapi.Empty `xml:"updates"`
	AdminDomainList     *xmlapi.Empty `xml:"admin-domain-list"`
	Certificates        *xmlapi.Empty `xml:"certificates"`
}

// KeyQuery asks for licence keys, the main one without a filter.
type KeyQuery struct {
	Filter *KeyFilter `xml:"filter"`
}

// KeyFilter names licence keys in one of these ways.
type KeyFilter struct {
	KeyIDs        []string      `xml:"key-id" choice:"keys"`
	Names         []string      `xml:"name" choice:"keys"`
	All           *xmlapi.Empty `xml:"all" choice:"keys"`
	Main          *xmlapi.Empty `xml:"main" choice:"keys"`
	AllAdditional *xmlapi.Empty `xml:"all-additional" choice:"keys"`
}

// GetResult holds the blocks that were asked for.
type GetResult struct {
	xmlapi.Result
	Keys                []Key              `xml:"key"`
	GenInfo             *GenInfo           `xml:"gen_info"`
	Components          *Components        `xml:"components"`
	Stat                *Stat              `xml:"stat"`
	Admin               *Admin             `xml:"admin"`
	Interfaces          *Interfaces        `xml:"interfaces"`
	ServicesState       *ServicesState     `xml:"services_state"`
	Preferences         *Preferences       `xml:"prefs"`
	Shells              *Shells            `xml:"shells"`
	SessionSetup        *SessionSetup      `xml:"session_setup"`
	SiteIsolationConfig *SiteIsolation     `xml:"site-isolation-config"`
	Updates             *Updates           `xml:"updates"`
	AdminDomainList     *xmlapi.DomainList `xml:"admin-domain-list"`
	Certificates        *Certificates      `xml:"certificates"`
}

// Key is a licence key: its properties (plesk_key_id, lim_date, lim_cl, lim_dom …; -1 is unlimited) and its file.
type Key struct {
	Properties []KeyProperty `xml:"property"`
	Content    xmlapi.Secret `xml:"content"` // base64
	Additional *bool         `xml:"additional-key"`
}

// KeyProperty is one property of a licence key.
type KeyProperty struct {
	Name  string `xml:"name"`
	Value string `xml:"value"`
}

// GenInfo identifies the server. GUID is stable.
type GenInfo struct {
	Name               string              `xml:"server_name"`
	GUID               string              `xml:"server_guid"`
	ExternalID         *string             `xml:"external-id"`
	VPSOptimizedStatus *VPSOptimizedStatus `xml:"vps-optimized-status"`
	Mode               *string             `xml:"mode"` // standard or poweruser
}

// VPSOptimizedStatus lists what is set up for small virtual servers.
type VPSOptimizedStatus struct {
	Aspects []KeyProperty `xml:"aspect"`
}

// Components lists the software that the panel manages.
type Components struct {
	Components []Component `xml:"component"`
}

// Component is one of them; psa is the panel itself.
type Component struct {
	Name    string `xml:"name"`
	Version string `xml:"version"`
}

// Interfaces lists the network interfaces.
type Interfaces struct {
	Names []string `xml:"interface"`
}

// ServicesState lists the services and whether they run.
type ServicesState struct {
	Services []Service `xml:"srv"`
}

// Service is one service.
type Service struct {
	ID    string  `xml:"id"` // web, smtp, mail, dns, mysql, nginx …
	Title string  `xml:"title"`
	State string  `xml:"state"` // running, stopped or none
	Error *string `xml:"error"`
}

// Shells lists the shells that system users may have.
type Shells struct {
	Shells []Shell `xml:"shell"`
}

// Shell is one shell.
type Shell struct {
	Name string `xml:"name"`
	Path string `xml:"path"`
}

// SiteIsolation lists hosting properties with the values that the server's security policy allows.
type SiteIsolation struct {
	Properties []SiteIsolationProperty `xml:"property"`
}

// SiteIsolationProperty is one of them.
type SiteIsolationProperty struct {
	Name   string   `xml:"name"`
	Values []string `xml:"value"`
}

// Updates says which updates there are and which are installed automatically.
type Updates struct {
	Available                   string `xml:"available_update"`
	AvailableType               string `xml:"available_update_type"`
	Security                    string `xml:"security_updates"`
	LastInstalled               string `xml:"last_installed_update"`
	InstallAutomatically        bool   `xml:"install_updates_automatically"`
	InstallThirdPartyUpdates    bool   `xml:"install_third_party_updates"`
	InstallSystemPackageUpdates bool   `xml:"install_system_package_updates_automatically"`
}
