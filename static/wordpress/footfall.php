<?php
/**
 * Plugin Name:       Footfall
 * Description:       Puts the tag of your own Footfall into every page that visitors see.
 * Version:           0.1.0
 * Requires at least: 5.7
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       footfall
 *
 * One file: put it into wp-content/plugins and activate it, then open Settings > Footfall. FOOTFALL_URL and FOOTFALL_SITE
 * in wp-config.php go before what is set there.
 */

defined( 'ABSPATH' ) || exit;

const FOOTFALL_DEFAULTS = array(
	'url'     => '',
	'site'    => '',
	'query'   => '',
	'editors' => '',
);

/**
 * Return what is set: the server's address without a slash at its end, the site's key, the names of query
 * parameters that may be told (with commas between), and '1' where editors count too.
 */
function footfall_settings() {
	$set = array_merge( FOOTFALL_DEFAULTS, (array) get_option( 'footfall', array() ) );
	if ( defined( 'FOOTFALL_URL' ) ) {
		$set['url'] = untrailingslashit( FOOTFALL_URL );
	}
	if ( defined( 'FOOTFALL_SITE' ) ) {
		$set['site'] = FOOTFALL_SITE;
	}
	return $set;
}

/** Print the tag, but for those who write the site and for pages that are only tried out. */
function footfall_print_tag() {
	$set = footfall_settings();
	if ( '' === $set['url'] || '' === $set['site'] || is_preview() || is_customize_preview() ) {
		return;
	}
	if ( '1' !== $set['editors'] && current_user_can( 'edit_posts' ) ) {
		return;
	}
	$tag = array(
		'async'     => true,
		'src'       => esc_url_raw( $set['url'] . '/js/footfall.js' ),
		'data-site' => $set['site'],
	);
	if ( '' !== $set['query'] ) {
		// The script takes them as alternatives of a pattern.
		$tag['data-query'] = implode( '|', array_map( 'preg_quote', explode( ',', $set['query'] ) ) );
	}
	wp_print_script_tag( $tag );
}
add_action( 'wp_head', 'footfall_print_tag', 1 );

/** Return what may be kept of what was typed; what is no address or no key keeps its old value, and is said. */
function footfall_checked( $typed ) {
	$typed = array_merge( FOOTFALL_DEFAULTS, (array) $typed );
	$kept  = array_merge( FOOTFALL_DEFAULTS, (array) get_option( 'footfall', array() ) );
	$url   = untrailingslashit( trim( $typed['url'] ) );
	$site  = trim( $typed['site'] );
	$query = preg_replace( '/\s+/', '', $typed['query'] );
	if ( '' === $url || preg_match( '#^https?://[^\s"\'<>/?\#]+(/[^\s"\'<>?\#]*)?$#', $url ) ) {
		$kept['url'] = $url;
	} else {
		add_settings_error( 'footfall', 'url', __( 'The address must be such as https://stats.example.org.', 'footfall' ) );
	}
	if ( preg_match( '/^[a-z0-9]{0,64}$/', $site ) ) {
		$kept['site'] = $site;
	} else {
		add_settings_error( 'footfall', 'site', __( 'The key has small letters and digits only; it stands in the tag as data-site.', 'footfall' ) );
	}
	if ( strlen( $query ) <= 1000 ) {
		$kept['query'] = $query;
	} else {
		add_settings_error( 'footfall', 'query', __( 'Those are too many parameters.', 'footfall' ) );
	}
	$kept['editors'] = $typed['editors'] ? '1' : '';
	return $kept;
}

/** Print one line of the form. */
function footfall_print_field( $field ) {
	$set      = footfall_settings();
	$constant = 'FOOTFALL_' . strtoupper( $field['name'] );
	if ( 'editors' === $field['name'] ) {
		printf(
			'<input type="checkbox" id="footfall-editors" name="footfall[editors]" value="1"%s>',
			checked( $set['editors'], '1', false )
		);
		return;
	}
	printf(
		'<input class="regular-text code" dir="ltr" id="footfall-%1$s" name="footfall[%1$s]" value="%2$s" placeholder="%3$s"%4$s>',
		esc_attr( $field['name'] ),
		esc_attr( $set[ $field['name'] ] ),
		esc_attr( $field['such_as'] ),
		defined( $constant ) ? ' readonly' : ''
	);
	if ( defined( $constant ) ) {
		/* translators: %s: name of a constant */
		echo '<p class="description">' . esc_html( sprintf( __( '%s in wp-config.php says so.', 'footfall' ), $constant ) ) . '</p>';
	}
}

/** Tell WordPress of the settings and of their form. */
function footfall_register() {
	register_setting( 'footfall', 'footfall', array( 'sanitize_callback' => 'footfall_checked' ) );
	add_settings_section( 'footfall', '', '__return_null', 'footfall' );
	$fields = array(
		'url'     => array( __( 'Address of your Footfall', 'footfall' ), 'https://stats.example.org' ),
		'site'    => array( __( 'Key of this site', 'footfall' ), 'k7m2x9p4q8rt' ),
		'query'   => array( __( 'Parameters of addresses to tell, beside those of campaigns', 'footfall' ), 'page,category' ),
		'editors' => array( __( 'Count those who may write here too', 'footfall' ), '' ),
	);
	foreach ( $fields as $name => $words ) {
		add_settings_field(
			'footfall-' . $name,
			$words[0],
			'footfall_print_field',
			'footfall',
			'footfall',
			array(
				'name'      => $name,
				'such_as'   => $words[1],
				'label_for' => 'footfall-' . $name,
			)
		);
	}
}
add_action( 'admin_init', 'footfall_register' );

/** Print the page of settings. */
function footfall_print_page() {
	echo '<div class="wrap"><h1>Footfall</h1><form action="options.php" method="post">';
	settings_fields( 'footfall' );
	do_settings_sections( 'footfall' );
	submit_button();
	echo '</form></div>';
}

/** Put the page into the menu. */
function footfall_add_page() {
	add_options_page( 'Footfall', 'Footfall', 'manage_options', 'footfall', 'footfall_print_page' );
}
add_action( 'admin_menu', 'footfall_add_page' );

/** Leave nothing behind. */
function footfall_uninstall() {
	delete_option( 'footfall' );
}
register_uninstall_hook( __FILE__, 'footfall_uninstall' );
