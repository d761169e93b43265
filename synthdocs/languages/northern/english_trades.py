"""Shops, restaurants and suppliers with English names, and what they sell."""

from synthdocs.languages.base import Trade, wares

SHOPS = (
    Trade(
        ("{last} Grocers", "{city} Food Market", "{last}'s Fine Foods", "Corner Pantry", "Green Basket Foods"),
        wares(
            """
            Whole milk 2L       | 1.2 | 2.6 | reduced
            Sourdough loaf      | 2 | 4.5 | reduced
            Free range eggs 12  | 2.4 | 5 | reduced
            Bananas loose kg    | 0.8 | 2 | reduced
            Cheddar mature 350g | 3 | 6 | reduced
            Tomatoes vine 500g  | 1.2 | 3 | reduced
            Basmati rice 1kg    | 1.9 | 4 | reduced
            Chicken thighs      | 3.5 | 8 | reduced
            Orange juice        | 1.5 | 3.8
            Dish soap lemon     | 1 | 3
            Kitchen towel x2    | 1.8 | 4
            Olive oil 500ml     | 4 | 9 | reduced
            Dark chocolate      | 1.2 | 3.5
            AA batteries 4pk    | 3 | 7
            Carrier bag         | 0.1 | 0.4
            """
        ),
    ),
    Trade(
        (
            "{last} Hardware",
            "{last} & Sons Hardware",
            "{city} Tool & Timber",
            "Ironbridge Supplies",
            "{last} Building Centre",
        ),
        wares(
            """
            Wood screws 4x40 100 | 3 | 8
            Masking tape 48mm    | 2 | 5
            Emulsion white 5L    | 14 | 35
            Paint roller 9in     | 4 | 10
            LED bulb E27 9W      | 2 | 7
            Hammer 16oz          | 9 | 22
            Silicone sealant     | 4 | 9
            Padlock 40mm         | 6 | 15
            Extension lead 5m    | 8 | 18
            Sandpaper asst       | 2 | 6
            PVC pipe 20mm        | 3 | 8
            Wall plugs 50        | 1.5 | 4
            """
        ),
    ),
    Trade(
        ("{last} Pharmacy", "{city} Health & Beauty", "{last}'s Chemist", "WellCare Pharmacy"),
        wares(
            """
            Paracetamol 500mg  | 0.8 | 3
            Vitamin C 1000     | 4 | 11
            Sun cream SPF50    | 6 | 16
            Plasters fabric 30 | 2 | 5
            Toothpaste 75ml    | 1.5 | 4.5
            Shampoo 400ml      | 3 | 8
            Hand cream         | 2 | 7
            Cough syrup 200ml  | 4 | 9
            Cotton pads 100    | 1 | 3
            """
        ),
    ),
    Trade(
        ("{last} Books", "{last} & {last} Booksellers", "Paper Lantern Stationers", "{city} Book Exchange"),
        wares(
            """
            Paperback novel   | 6 | 13 | reduced
            Notebook A5 ruled | 3 | 12
            Gel pen black 3pk | 2 | 6
            Greeting card     | 2 | 4
            City map          | 4 | 9 | reduced
            Desk calendar     | 6 | 14
            Copy paper A4 500 | 4 | 8
            Glue stick        | 1 | 3
            Wrapping paper    | 2 | 5
            """
        ),
    ),
    Trade(
        ("{last} Motors Fuel", "{city} Service Station", "Crossroads Garage", "{last} Petroleum"),
        wares(
            """
            Unleaded 95     | 25 | 80
            Diesel          | 30 | 95
            Screen wash 5L  | 4 | 9
            Coffee regular  | 2 | 4
            Car wash bronze | 5 | 9
            Chewing gum     | 0.8 | 2
            Still water 750 | 1 | 2.5
            Engine oil 1L   | 8 | 18
            """
        ),
    ),
    Trade(
        ("{last} Outfitters", "{first} & Co Clothing", "Harbour Lane Apparel", "{last} Shoes"),
        wares(
            """
            T-shirt cotton M | 8 | 25
            Socks 3 pack     | 4 | 12
            Jeans slim 32/32 | 25 | 80
            Leather belt     | 12 | 40
            Wool scarf       | 10 | 35
            Trainers size 42 | 30 | 110
            Rain jacket      | 35 | 120
            """
        ),
    ),
)

RESTAURANTS = (
    Trade(
        (
            "The {last} Arms",
            "{first}'s Bistro",
            "Cafe {first}",
            "{city} Grill House",
            "The Copper Kettle",
            "Noodle & Bean",
        ),
        wares(
            """
            Flat white        | 2.5 | 4.8
            Pot of tea        | 2 | 4
            Eggs Benedict     | 7 | 14
            Fish & chips      | 10 | 19
            Caesar salad      | 8 | 15
            Margherita        | 8 | 15
            Beef burger       | 10 | 18
            Side fries        | 3 | 6
            Pale ale pint     | 4 | 7.5
            House red 175ml   | 5 | 9
            Sparkling water   | 2 | 5
            Sticky toffee pud | 5 | 9
            Soup of the day   | 4 | 8
            Nasi lemak        | 3 | 9
            Iced lemon tea    | 2 | 4
            """
        ),
        table=True,
    ),
    Trade(
        ("{last} Bakery", "{first}'s Kitchen", "The {city} Coffee Room", "Golden Crust Bakehouse"),
        wares(
            """
            Croissant         | 1.8 | 3.5
            Cinnamon bun      | 2.2 | 4
            Latte large       | 3 | 5
            Espresso          | 1.8 | 3
            Ham toastie       | 4 | 8
            Carrot cake slice | 3 | 5.5
            Orange juice      | 2.5 | 4.5
            Avocado toast     | 6 | 11
            """
        ),
        table=True,
    ),
)

SUPPLIERS = (
    Trade(
        ("{last} Consulting", "{last} {last} Partners", "Northgate Systems", "{last} Digital", "Blue Harbor Analytics"),
        wares(
            """
            Consulting, senior (hours) | 90 | 180
            Project management (hours) | 70 | 140
            Web hosting, per month     | 15 | 90
            Software licence, annual   | 120 | 900
            Workshop, half day         | 400 | 1200
            Data migration             | 300 | 2500
            Support retainer           | 150 | 800
            Travel expenses            | 40 | 400
            """
        ),
    ),
    Trade(
        ("{last} Office Supplies", "{city} Wholesale", "{last} Packaging", "Meridian Trading", "{last} Electrical"),
        wares(
            """
            Copy paper A4, box of 5 reams | 18 | 36
            Toner cartridge black         | 45 | 140
            Archive boxes, pack of 10     | 12 | 30
            Office chair, mesh back       | 90 | 320
            Stretch film 500 mm           | 6 | 14
            Cable CAT6, 305 m             | 70 | 160
            Circuit breaker 16 A          | 5 | 15
            LED panel 600 x 600           | 25 | 60
            Whiteboard 120 x 90           | 40 | 110
            Delivery charge               | 6 | 25
            """
        ),
    ),
    Trade(
        ("{last} Plumbing & Heating", "{last} Garden Services", "{last} Auto Repairs", "{city} Cleaning Services"),
        wares(
            """
            Labour (hours)      | 35 | 85
            Call-out charge     | 40 | 95
            Parts and materials | 15 | 350
            Boiler service      | 70 | 130
            Brake pads, front   | 40 | 120
            Hedge trimming      | 60 | 220
            Window cleaning     | 25 | 120
            Waste disposal      | 20 | 90
            """
        ),
    ),
)
