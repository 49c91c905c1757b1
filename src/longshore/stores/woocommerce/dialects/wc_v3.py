"""The dialect `wc/v3`: WooCommerce 3.5 and later (recordings products.json, orders.json)."""

from longshore.stores.woocommerce.dialects.table import Dialect

WC_V3 = Dialect(
    name="wc/v3",
    root="wp-json/wc/v3",
    product_fields=(
        "id,name,slug,permalink,type,status,catalog_visibility,description,short_description,sku,"
        "global_unique_id,regular_price,sale_price,date_on_sale_from_gmt,date_on_sale_to_gmt,"
        "manage_stock,stock_quantity,stock_status,weight,categories,tags,brands,images,attributes,"
        "variations,date_created_gmt,date_modified_gmt,post_password,menu_order"
    ),
    variation_fields=(
        "id,parent_id,sku,global_unique_id,regular_price,sale_price,date_on_sale_from_gmt,"
        "date_on_sale_to_gmt,manage_stock,stock_quantity,stock_status,weight,image,attributes,"
        "status,menu_order,date_modified_gmt"
    ),
    stock_fields=(
        "id,parent_id,type,status,manage_stock,stock_quantity,stock_status,date_modified_gmt"
    ),
    order_fields=(
        "id,number,status,currency,total,transaction_id,date_created_gmt,date_modified_gmt,"
        "date_completed_gmt,meta_data,line_items"
    ),
)
